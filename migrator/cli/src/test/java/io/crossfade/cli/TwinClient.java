package io.crossfade.cli;

import io.crossfade.testkit.TestDatabase;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * An application of the old code in a process of its own: each transaction writes table orders, which changes, and in the same
 * words its twin, which does not. What fails is rolled back and begun anew on a new connection, as by any application that
 * expects connections to break. Says "ready" once it writes, and "wrong" with a reason where it saw what must not be.
 */
final class TwinClient {

    /** Rows of the writers; each has its own, so that both tables see its writes in one order. */
    static final int SLOTS = 8;

    /** A row that no writer touches, and that the backfill has not seen. */
    static final int HELD = 1_000_000;

    private static final int ROWS_OF_A_SLOT = 100;

    /** A pace, not a wait for anything. */
    private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    /** "Lock wait timeout exceeded", which has a state of its own in each driver. */
    private static final int LOCK_WAIT = 1205;

    private final String[] login;
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    private TwinClient(String... login) {
        this.login = login;
    }

    /** Starts one for these slots; with a word more it holds a transaction when it is told to. */
    static CommandProcess start(TestDatabase database, int first, int slots, String... more) throws IOException {
        String url = database.jdbcUrl().replace("jdbc:", "jdbc:crossfade:")
                + "&crossfade.application=till&crossfade.pollMillis=100&crossfade.leaseMillis=1000";
        List<String> arguments = new ArrayList<>(
                List.of(url, database.user(), database.password(), Integer.toString(first), Integer.toString(slots)));
        arguments.addAll(List.of(more));
        return CommandProcess.java(TwinClient.class, arguments.toArray(new String[0]));
    }

    /** Arguments: the driver's URL, the user, the password, the first slot, how many, and whether to hold a transaction. */
    public static void main(String[] arguments) throws Exception {
        TwinClient client = new TwinClient(arguments[0], arguments[1], arguments[2]);
        int first = Integer.parseInt(arguments[3]);
        for (int i = 0; i < Integer.parseInt(arguments[4]); i++) {
            int slot = first + i;
            new Thread(() -> client.write(slot), "application-" + slot).start();
        }
        if (arguments.length > 5) {
            client.hold();
        }
    }

    private Connection open() throws SQLException {
        Connection connection = DriverManager.getConnection(login[0], login[1], login[2]);
        connection.setAutoCommit(false);
        return connection;
    }

    private void write(int slot) {
        SplittableRandom random = new SplittableRandom(ProcessHandle.current().pid() * SLOTS + slot);
        while (true) {
            try (Connection connection = open()) {
                while (true) {
                    transact(connection, 1 + slot + SLOTS * random.nextInt(ROWS_OF_A_SLOT), random.nextInt(1000));
                    tell("ready");
                    LockSupport.parkNanos(REST_NANOS);
                }
            } catch (SQLException e) {
                tellFailure(e);
                LockSupport.parkNanos(REST_NANOS);
            }
        }
    }

    private void transact(Connection connection, int id, int value) throws SQLException {
        int rows = both(connection, "UPDATE %s SET status = ? WHERE id = ?", "s" + value, id);
        if (rows == 0) {
            both(connection, "INSERT INTO %s (status, id) VALUES (?, ?)", "s" + value, id);
        } else if (value % 10 == 0) {
            both(connection, "DELETE FROM %s WHERE status = ? AND id = ?", "s" + value, id);
        }
        try (PreparedStatement s = connection.prepareStatement(
                "SELECT o.status, t.status FROM orders o JOIN twin t USING (id) WHERE id = ?")) {
            s.setInt(1, id);
            try (ResultSet r = s.executeQuery()) {
                if (r.next() && !r.getString(1).equals(r.getString(2))) {
                    tell("wrong: read " + r.getString(1) + " of row " + id + ", not " + r.getString(2));
                }
            }
        }
        connection.commit();
    }

    private int both(Connection connection, String sql, String status, int id) throws SQLException {
        int[] rows = new int[2];
        for (int i = 0; i < 2; i++) {
            try (PreparedStatement s = connection.prepareStatement(String.format(sql, i == 0 ? "orders" : "twin"))) {
                s.setString(1, status);
                s.setInt(2, id);
                rows[i] = s.executeUpdate();
            }
        }
        if (rows[0] != rows[1]) {
            tell("wrong: " + rows[0] + " rows, not " + rows[1] + ", by " + sql);
        }
        return rows[0];
    }

    /** Writes a row when it is told to, and commits when it is told to; again until it is there. */
    private void hold() throws Exception {
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        orders.readLine();
        boolean isFirst = true;
        for (boolean isThere = false; !isThere; isFirst = false) {
            try (Connection connection = open()) {
                both(connection, "INSERT INTO %s (status, id) VALUES (?, ?)", "held", HELD);
                if (isFirst) {
                    tell("in the middle");
                    orders.readLine();
                }
                connection.commit();
                isThere = true;
            } catch (SQLException e) {
                tell("the held write was refused, " + e.getSQLState());
                tellFailure(e);
                LockSupport.parkNanos(REST_NANOS);
            }
        }
        tell("the held write is there");
    }

    /** A connection that is lost, or could not be made, and whatever may be tried again, is no surprise. */
    private void tellFailure(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        boolean isExpected = state.startsWith("08")
                || state.equals("40001")
                || state.equals("70100") // Killed in the middle of a statement.
                || e.getErrorCode() == LOCK_WAIT;
        tell(isExpected ? "failed with " + state : "wrong: " + state + " " + e.getErrorCode() + " " + e.getMessage());
    }

    /** Once each: nobody may be reading. */
    private void tell(String line) {
        if (told.add(line)) {
            System.out.println(line);
        }
    }
}

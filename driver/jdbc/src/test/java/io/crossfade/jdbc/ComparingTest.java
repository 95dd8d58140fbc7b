package io.crossfade.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.crossfade.model.Direction;
import io.crossfade.model.Stage;
import io.crossfade.state.ComparisonRow;
import io.crossfade.state.EventRow;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Reads that compare the two sides of their rows. */
class ComparingTest {
    private static final String ALWAYS = "&crossfade.comparePercent=100&crossfade.application=checkout";

    @ServerTest
    void aRowThatDiffersIsCountedAndTakesEverybodysReadsBack(TestDatabase database) throws SQLException {
        try (Migrator migrator = new Migrator(database);
                Connection connection = Urls.connect(database, ALWAYS);
                Connection other = Urls.connect(database, "&crossfade.comparePercent=0");
                Statement statement = connection.createStatement();
                Statement others = other.createStatement()) {
            migrator.open();
            moveTo(Stage.LIVE, migrator);
            statement.execute(
                    "INSERT INTO orders (id, status) VALUES (1, 'secret-1'), (2, 'secret-2'), (3, 'secret-3')");
            readPercent(100, migrator);
            assertThat(statuses(statement)).containsExactly("secret-1", "secret-2", "secret-3");
            assertThat(compared(migrator, 1, 0).differing()).isZero();

            // Somebody without the driver.
            database.execute("UPDATE orders SET status = 'secret-4' WHERE id = 2");
            connection.setAutoCommit(false);
            assertThat(statuses(statement)).contains("secret-2");
            assertThat(statuses(statement)).as("a transaction reads one side").contains("secret-2");
            connection.commit();
            assertThat(statuses(statement)).as("this client at once").contains("secret-4");
            connection.commit();
            connection.setAutoCommit(true);

            await().atMost(Migrator.BOUND).until(() -> migrator.row().state().readPercent() == 0);
            acknowledged(migrator);
            assertThat(statuses(others)).as("everybody").contains("secret-4");
            ComparisonRow seen = compared(migrator, 9, 3);
            assertThat(seen.differing()).isEqualTo(3);
            assertThat(seen.lastKeys()).isEqualTo("id=2");
            assertThat(seen.application()).isEqualTo("checkout");
            List<EventRow> events = migrator.store.changes().events("orders-status");
            assertThat(events.get(events.size() - 1).why()).contains("id=2").doesNotContain("secret");
            assertThat(events.stream().filter(e -> e.why().contains("id=2"))).hasSize(1);

            // The row is mended, and the operator has another go.
            database.execute("UPDATE orders SET order_status = status WHERE id = 2");
            readPercent(100, migrator);
            database.execute("UPDATE orders SET status = 'late' WHERE id = 3");
            assertThat(statuses(others)).containsExactly("secret-1", "secret-4", "secret-3");
            statement.setFetchSize(7); // As what streams, it does not compare.
            assertThat(statuses(statement)).containsExactly("secret-1", "secret-4", "secret-3");
        }
    }

    @ServerTest
    void theApplicationSeesNothingOfIt(TestDatabase database) throws SQLException {
        try (Migrator migrator = new Migrator(database);
                Connection plain = Urls.connect(database, "&crossfade.comparePercent=0");
                Connection compared = Urls.connect(database, ALWAYS)) {
            migrator.open();
            moveTo(Stage.SHADOW, migrator);
            try (Statement statement = plain.createStatement()) {
                statement.execute("INSERT INTO orders (id, status) VALUES (1, 'a'), (2, 'b')");
            }
            for (String sql : List.of(
                    "SELECT * FROM orders ORDER BY id",
                    "SELECT status, id AS n FROM orders ORDER BY 2",
                    "SELECT id, id FROM orders",
                    "SELECT o.status, p.id FROM orders o LEFT JOIN orders p ON p.id = o.id + 1 ORDER BY o.id",
                    "SELECT DISTINCT status FROM orders ORDER BY status",
                    "SELECT COUNT(*) FROM orders WHERE id > 0")) {
                assertThat(seen(compared, sql)).as(sql).isEqualTo(seen(plain, sql));
            }
            compared.close(); // It reports all that it has.
            await().atMost(Migrator.BOUND).untilAsserted(() -> assertThat(rowsCompared(migrator))
                    .as("3 queries of 2 rows, a join of 2 rows and 1, by 4 ways")
                    .isEqualTo(4 * (3 * 2 + 3)));
        }
    }

    /** What somebody wrote past the driver may be too large for the mapping: the server fails the hidden column, and the read with it. */
    @ServerTest
    void aReadThatFailsByItsComparisonAloneIsSentWithoutIt(TestDatabase database) throws SQLException {
        try (Migrator migrator = new Migrator(database);
                Connection compared = Urls.connect(database, ALWAYS);
                Connection other = Urls.connect(database, "&crossfade.comparePercent=0")) {
            database.execute("ALTER TABLE orders ADD COLUMN amount BIGINT");
            migrator.open("retype: {from: amount, to: cents, type: BIGINT, up: amount * 100, down: cents DIV 100}");
            moveTo(Stage.SHADOW, migrator, "cents BIGINT");
            database.execute("INSERT INTO orders (id, status, amount) VALUES (1, 'a', 9000000000000000000)");
            assertThat(seen(compared, "SELECT id, amount FROM orders"))
                    .isEqualTo(seen(other, "SELECT id, amount FROM orders"))
                    .anyMatch(t -> t.contains("9000000000000000000"));
            assertThat(rowsCompared(migrator)).isZero();
        }
    }

    /** Everything that an application can see of a query, by each way of sending it. */
    private static List<String> seen(Connection connection, String sql) throws SQLException {
        List<String> seen = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            seen.add(read(statement.executeQuery(sql)));
            statement.execute(sql);
            seen.add(read(statement.getResultSet()));
            seen.add(statement.getMoreResults() + " " + statement.getUpdateCount());
        }
        try (PreparedStatement prepared = connection.prepareStatement(sql)) {
            seen.add(columns(prepared.getMetaData()));
            seen.add(read(prepared.executeQuery()));
            seen.add(columns(prepared.getMetaData()));
            seen.add(read(prepared.executeQuery()));
        }
        try (Statement streaming = connection.createStatement()) {
            streaming.setFetchSize(connection.getMetaData().getDriverName().contains("MySQL") ? Integer.MIN_VALUE : 1);
            seen.add(read(streaming.executeQuery(sql)));
        }
        try (Statement scrolling =
                connection.createStatement(ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_READ_ONLY)) {
            ResultSet rows = scrolling.executeQuery(sql);
            seen.add(rows.last() + " " + rows.getRow() + rows.getObject(1) + rows.absolute(1));
        }
        return seen;
    }

    private static String read(ResultSet rows) throws SQLException {
        try (rows) {
            ResultSetMetaData meta = rows.getMetaData();
            int count = meta.getColumnCount();
            StringBuilder seen = new StringBuilder(columns(meta));
            while (rows.next()) {
                for (int i = 1; i <= count; i++) {
                    seen.append(rows.getObject(i)).append(' ').append(rows.getString(meta.getColumnLabel(i)));
                }
                for (int beyond : new int[] {0, count + 1, count + 2}) {
                    seen.append(failure(() -> rows.getObject(beyond)));
                    seen.append(failure(() -> rows.getString(beyond)));
                }
                for (String label : List.of("crossfade:agrees:1", "nothing")) {
                    seen.append(failure(() -> rows.findColumn(label)));
                    seen.append(failure(() -> rows.getLong(label)));
                }
            }
            seen.append(failure(() -> meta.getColumnName(count + 1)));
            return seen.append(failure(() -> meta.isNullable(count + 2))).toString();
        }
    }

    private static String columns(ResultSetMetaData meta) throws SQLException {
        StringBuilder seen = new StringBuilder();
        for (int i = 1; i <= meta.getColumnCount(); i++) {
            seen.append(meta.getColumnLabel(i))
                    .append(' ')
                    .append(meta.getColumnTypeName(i))
                    .append(' ');
        }
        return seen.toString();
    }

    private interface Call {
        Object call() throws SQLException;
    }

    private static String failure(Call call) {
        SQLException e = catchThrowableOfType(SQLException.class, call::call);
        return e == null ? "none " : e.getClass().getSimpleName() + e.getSQLState() + " ";
    }

    private static List<String> statuses(Statement statement) throws SQLException {
        List<String> found = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery("SELECT id, status FROM orders ORDER BY id")) {
            while (rows.next()) {
                found.add(rows.getString("status"));
            }
        }
        return found;
    }

    /** A report may fall between two rows of one read, and those that agree have time: only differences are told at once. */
    private static ComparisonRow compared(Migrator migrator, long rows, long differing) throws SQLException {
        await().atMost(Migrator.BOUND).until(() -> migrator.store.comparisons().of("orders-status").stream()
                .anyMatch(r -> r.compared() >= rows && r.differing() >= differing));
        return migrator.store.comparisons().of("orders-status").get(0);
    }

    private static long rowsCompared(Migrator migrator) throws SQLException {
        return migrator.store.comparisons().of("orders-status").stream()
                .mapToLong(ComparisonRow::compared)
                .sum();
    }

    private static void moveTo(Stage stage, Migrator migrator) throws SQLException {
        moveTo(stage, migrator, Migrator.NEW_COLUMN);
    }

    /** As {@link Migrator#moveTo}, for two clients. */
    private static void moveTo(Stage stage, Migrator migrator, String column) throws SQLException {
        while (migrator.row().state().stage() != stage) {
            Stage next = migrator.row().state().stage().towards(Direction.FORWARD);
            migrator.move(next);
            if (next == Stage.EXPAND) {
                migrator.addColumn(column);
            }
            acknowledged(migrator);
        }
    }

    private static void readPercent(int percent, Migrator migrator) throws SQLException {
        migrator.store.changes().move(migrator.row(), Stage.LIVE, Direction.FORWARD, percent, "test", "");
        acknowledged(migrator);
    }

    private static void acknowledged(Migrator migrator) throws SQLException {
        long epoch = migrator.store.epoch();
        await().atMost(Migrator.BOUND)
                .until(() -> migrator.store.clients().all().stream()
                                .filter(c -> c.state().epochAcknowledged() >= epoch)
                                .count()
                        == 2);
    }
}

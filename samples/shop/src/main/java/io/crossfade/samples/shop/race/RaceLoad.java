package io.crossfade.samples.shop.race;

import io.crossfade.samples.shop.traffic.Meter;
import io.crossfade.samples.shop.traffic.Pace;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The application beside a contender: a steady beat of single statements on a few connections, half reads by key, half
 * writes. A statement's time counts from its beat, not from when its turn came: whoever would have come in a stall pays for
 * it. Confined to the thread that runs the race.
 */
final class RaceLoad implements AutoCloseable {
    private final String table;
    private final int rows;
    private final Meter meter;
    private final AtomicBoolean isOpen = new AtomicBoolean(true);
    private final AtomicLong errors = new AtomicLong();
    private final List<Thread> threads = new ArrayList<>();

    /** Opens the connections and begins. */
    RaceLoad(
            String url,
            String user,
            String password,
            String table,
            int rows,
            int connections,
            double perSecond,
            Meter meter)
            throws SQLException {
        this.table = table;
        this.rows = rows;
        this.meter = meter;
        for (int i = 0; i < connections; i++) {
            Connection connection = DriverManager.getConnection(url, user, password);
            int seed = i;
            Thread thread = new Thread(() -> work(connection, seed, perSecond / connections), "race-load-" + i);
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
    }

    /** Statements that failed so far. */
    long errors() {
        return errors.get();
    }

    @Override
    public void close() {
        stop();
    }

    /** Lets every connection finish its statement; doing it again does nothing. */
    void stop() {
        isOpen.set(false);
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void work(Connection connection, int seed, double perSecond) {
        SplittableRandom random = new SplittableRandom(seed);
        Pace pace = new Pace(perSecond);
        try (connection) {
            while (isOpen.get()) {
                long beatNanos = pace.await();
                try {
                    one(connection, random);
                } catch (SQLException e) {
                    errors.incrementAndGet();
                }
                meter.record(System.nanoTime() - beatNanos);
            }
        } catch (SQLException e) {
            errors.incrementAndGet();
        }
    }

    private void one(Connection connection, SplittableRandom random) throws SQLException {
        long id = random.nextLong(1, rows + 1L);
        int kind = random.nextInt(10);
        if (kind < 5) {
            try (PreparedStatement select =
                    connection.prepareStatement("SELECT email, visits FROM " + table + " WHERE id = ?")) {
                select.setLong(1, id);
                try (ResultSet row = select.executeQuery()) {
                    row.next();
                }
            }
        } else if (kind < 8) {
            try (PreparedStatement update =
                    connection.prepareStatement("UPDATE " + table + " SET visits = visits + 1 WHERE id = ?")) {
                update.setLong(1, id);
                update.executeUpdate();
            }
        } else if (kind < 9) {
            try (PreparedStatement update =
                    connection.prepareStatement("UPDATE " + table + " SET email = ? WHERE id = ?")) {
                update.setString(1, "New" + random.nextInt(1_000_000) + "@Example.com");
                update.setLong(2, id);
                update.executeUpdate();
            }
        } else {
            try (PreparedStatement insert =
                    connection.prepareStatement("INSERT INTO " + table + " (email) VALUES (?)")) {
                insert.setString(1, "Added" + random.nextInt(1_000_000) + "@Example.com");
                insert.executeUpdate();
            }
        }
    }
}

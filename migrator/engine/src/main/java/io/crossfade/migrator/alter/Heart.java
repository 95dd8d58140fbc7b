package io.crossfade.migrator.alter;

import io.crossfade.migrator.apply.Markers;
import io.crossfade.migrator.session.Lane;
import io.crossfade.migrator.session.SqlFailure;
import io.crossfade.migrator.signal.Cancel;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.model.TableName;
import io.crossfade.state.CatalogReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * Writes a marker into the change log again and again. One thread writes at a time, whoever asks.
 *
 * <p>Safe for many threads.
 */
final class Heart {
    private static final int LOCK_ATTEMPTS_MAX = 20;
    /** The time of a commit is told over about so many, so that a single slow one does not count. */
    private static final int COMMITS = 5;

    private static final Duration PAUSE = Duration.ofMillis(5);

    private final Lane lane;
    private final String table;
    private final Markers markers;
    private final Cancel cancel;
    private final Proof proof;
    private volatile long commitNanos;

    /**
     * @param lane a session in autocommit mode
     * @param proof what a confirmed marker tells
     */
    Heart(Lane lane, TableName table, Markers markers, Cancel cancel, Proof proof) {
        this.lane = lane;
        this.table = quoted(table);
        this.markers = markers;
        this.cancel = cancel;
        this.proof = proof;
    }

    /**
     * Which changes every snapshot sees. The server orders commits as it orders the log; so what has come down the log before a
     * marker was written is visible when the marker is confirmed, whenever that comes down the log itself.
     */
    interface Proof {

        /** Where nobody asks. */
        Proof NONE = new Proof() {
            @Override
            public long handed() {
                return 0;
            }

            @Override
            public void visibleUpTo(long ordinal) {}
        };

        /** How many images have been taken out of the log and handed over. */
        long handed();

        /** Tells that every snapshot from now on sees the changes of the images before this one. */
        void visibleUpTo(long ordinal);
    }

    /** Makes the table of markers, empty. */
    static void createTable(Connection connection, TableName table) throws SQLException {
        try (Statement s = connection.createStatement()) {
            s.execute("CREATE TABLE IF NOT EXISTS " + quoted(table)
                    + " (id INT NOT NULL PRIMARY KEY, number BIGINT NOT NULL) ENGINE=InnoDB");
        }
        boolean isOurs = new CatalogReader(connection)
                .table(table)
                .map(t -> t.has("number"))
                .orElse(true);
        if (!isOurs) {
            throw MigrationException.stopped("stopped: the run's markers; table \"" + table
                    + "\" exists and has other columns, as gh-ost's own has; see that no gh-ost works there, drop it and run"
                    + " the same command again");
        }
    }

    static void dropTable(Connection connection, TableName table) throws SQLException {
        try (Statement s = connection.createStatement()) {
            s.execute("DROP TABLE IF EXISTS " + quoted(table));
        }
    }

    /** Writes a marker and gives its number. */
    long beat() throws SQLException {
        long number;
        long handed = proof.handed();
        synchronized (this) {
            number = markers.next();
            long written = number;
            long beganNanos = System.nanoTime();
            lane.run((c, isAgain) -> {
                write(c, written);
                return written;
            });
            long tookNanos = System.nanoTime() - beganNanos;
            commitNanos += (tookNanos - commitNanos) / COMMITS;
        }
        proof.visibleUpTo(handed);
        return number;
    }

    /** How long the server lately took to commit a marker. For any thread. */
    long commitMicros() {
        return commitNanos / 1000;
    }

    private void write(Connection connection, long number) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try (Statement s = connection.createStatement()) {
                s.executeUpdate("INSERT INTO " + table + " (id, number) VALUES (1, " + number
                        + ") ON DUPLICATE KEY UPDATE number = VALUES(number)");
                return;
            } catch (SQLException e) {
                if (!SqlFailure.isLock(e) || attempt == LOCK_ATTEMPTS_MAX) {
                    throw e;
                }
                cancel.pause(PAUSE);
            }
        }
    }

    /** Beats at this interval until the run ends. */
    void run(Duration every) throws SQLException {
        try {
            while (!cancel.isRequested()) {
                beat();
                cancel.pause(every);
            }
        } catch (MigrationException e) {
            if (!cancel.isRequested()) {
                throw e;
            }
        }
    }

    private static String quoted(TableName table) {
        return "`" + table.schema().replace("`", "``") + "`.`" + table.table().replace("`", "``") + "`";
    }
}

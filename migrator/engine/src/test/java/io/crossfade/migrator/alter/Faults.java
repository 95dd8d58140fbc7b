package io.crossfade.migrator.alter;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.testkit.TestDatabase;
import io.crossfade.testkit.TestServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/** What every fault around a run has in common: a table of 600 rows, one clear message, the table as it was, nothing left behind. */
final class Faults {

    static final String NOTE = "ADD COLUMN note INT NOT NULL DEFAULT 1";

    private Faults() {}

    static Scene table(TestServer server, TestDatabase database) throws Exception {
        Scene scene = new Scene(server, database);
        scene.trial.execute("CREATE TABLE t (id INT NOT NULL PRIMARY KEY, v VARCHAR(60) NULL) ENGINE=InnoDB");
        scene.fill("t", "id, v", "n, CONCAT('secret', n)", 600);
        return scene;
    }

    static @Nullable Throwable failure(AlterTrial trial, String table, String alter) {
        try {
            trial.alter(table, alter);
            return null;
        } catch (Exception e) {
            return e;
        }
    }

    /** The message says what, where and what to do, and holds no value and no password. */
    static void requireClear(@Nullable Throwable end, String... parts) {
        assertThat(end).isInstanceOf(MigrationException.class);
        assertThat(end).hasMessageContainingAll(parts).hasMessageNotContaining("secret");
        assertThat(end.getMessage().split(";"))
                .as("what; what was seen; what to do")
                .hasSizeGreaterThanOrEqualTo(3);
    }

    static void requireUntouched(AlterTrial trial) throws Exception {
        assertThat(trial.one("SELECT COUNT(*) FROM t WHERE v LIKE 'secret%'")).isEqualTo("600");
        assertThat(trial.column("SHOW COLUMNS FROM t LIKE 'note'")).isEmpty();
        requireNothingHeld(trial);
    }

    static void requireNothingHeld(AlterTrial trial) throws Exception {
        long untilNanos = System.nanoTime() + 10_000_000_000L;
        // By one session: each of our own that has just ended is still listed for a moment.
        try (Connection connection = trial.connect();
                Statement s = connection.createStatement()) {
            String others;
            do {
                try (ResultSet r = s.executeQuery(
                        "SELECT GROUP_CONCAT(CONCAT(ID, ' ', COMMAND, ' ', STATE)) FROM information_schema.PROCESSLIST"
                                + " WHERE DB = DATABASE() AND ID <> CONNECTION_ID()")) {
                    r.next();
                    others = r.getString(1);
                }
            } while (others != null && System.nanoTime() < untilNanos);
            assertThat(others).as("sessions").isNull();
        }
        try (Connection connection = trial.connect()) {
            String name = Claim.name(connection, trial.table("t"));
            assertThat(trial.column("SELECT IS_USED_LOCK('" + name + "')")).containsOnlyNulls();
        }
    }
}

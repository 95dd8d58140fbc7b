package io.crossfade.migrator.alter;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.migrator.ghost.Rules;
import io.crossfade.migrator.signal.Progress;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import io.crossfade.testkit.TestServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Indexes that are built when the rows are in: the table is afterwards what the server's own ALTER would have made of it. */
class IndexTimeTest {
    private static final String ALTER =
            "ADD COLUMN note INT, ADD KEY (note), ADD UNIQUE KEY (u, note), DROP KEY gone, MODIFY c VARCHAR(80)";

    private static AlterTrial trial(TestServer server, TestDatabase database, Rules.IndexTime indexes)
            throws SQLException {
        AlterTrial trial = new AlterTrial(server, database);
        trial.rules = StressCase.renamesApproved(indexes);
        for (String table : new String[] {"t", "twin"}) {
            trial.execute(
                    "CREATE TABLE " + table
                            + " (id BIGINT NOT NULL, n INT NOT NULL AUTO_INCREMENT, u INT, c VARCHAR(60),"
                            + " PRIMARY KEY (id), KEY (n), KEY `odd ``name(` (c(7), u) COMMENT 'a, b) (c',"
                            + " KEY gone (u), KEY two (u, c), UNIQUE KEY (c, id), FULLTEXT KEY (c)) ENGINE=InnoDB DEFAULT"
                            + " CHARSET=utf8mb4",
                    "INSERT INTO " + table + " (id, u, c) VALUES (1, 1, 'a'), (2, 2, 'b'), (3, NULL, NULL)");
        }
        trial.execute("ALTER TABLE twin " + ALTER + ", ALGORITHM=COPY");
        return trial;
    }

    private static String create(AlterTrial trial, String table) throws SQLException {
        try (Connection connection = trial.connect();
                Statement s = connection.createStatement();
                ResultSet r = s.executeQuery("SHOW CREATE TABLE " + table)) {
            r.next();
            return r.getString(2).replaceFirst("`" + table + "`", "");
        }
    }

    private static long built(AlterTrial trial) {
        return trial.progress.stream()
                .filter(p -> p instanceof Progress.Executed executed
                        && executed.sql().contains("ADD KEY"))
                .count();
    }

    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void afterTheRowsTheyAreWhatTheyWere(TestServer server, TestDatabase database) throws Exception {
        AlterTrial trial = trial(server, database, Rules.IndexTime.AFTER_ROWS);

        trial.alter("t", ALTER);

        assertThat(create(trial, "t")).isEqualTo(create(trial, "twin"));
        assertThat(built(trial)).isEqualTo(1);
    }

    @ServerTest({ServerKind.MYSQL_80, ServerKind.MARIADB_114})
    void withTheRowsNothingIsLeftOut(TestServer server, TestDatabase database) throws Exception {
        AlterTrial trial = trial(server, database, Rules.IndexTime.WITH_ROWS);

        trial.alter("t", ALTER);

        assertThat(create(trial, "t")).isEqualTo(create(trial, "twin"));
        assertThat(built(trial)).isZero();
    }

    /** Sorting is not worth a statement there. */
    @ServerTest(ServerKind.MYSQL_80)
    void aSmallTableHasThemFromTheStart(TestServer server, TestDatabase database) throws Exception {
        AlterTrial trial = trial(server, database, Rules.IndexTime.AUTO);

        trial.alter("t", ALTER);

        assertThat(built(trial)).isZero();
    }

    @ServerTest({ServerKind.MYSQL_80, ServerKind.MARIADB_114})
    void aRunThatIsEndedBeforeThemBuildsThemWhenItGoesOn(TestServer server, TestDatabase database) throws Exception {
        AlterTrial trial = trial(server, database, Rules.IndexTime.AFTER_ROWS);
        trial.listener = progress -> {
            trial.progress.add(progress);
            if (progress instanceof Progress.Reached reached
                    && reached.milestone() == io.crossfade.migrator.signal.Milestone.ROW_COPY_COMPLETE) {
                throw new IllegalStateException("ended");
            }
        };
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> trial.alter("t", ALTER)))
                .hasMessageContaining("ended");
        trial.listener = trial.progress::add;

        trial.alter("t", ALTER);

        assertThat(create(trial, "t")).isEqualTo(create(trial, "twin"));
        assertThat(built(trial)).isEqualTo(1);
    }
}

package io.crossfade.migrator.alter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.migrator.ghost.Rules;
import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.migrator.signal.Milestone;
import io.crossfade.migrator.signal.Progress;
import io.crossfade.testkit.EmbeddedServer;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An ALTER means what it would mean in a session of the server that sets nothing, whatever the server's sql_mode. */
class TextModesTest {

    private static final String MODE =
            "ANSI_QUOTES,PIPES_AS_CONCAT,REAL_AS_FLOAT,NO_BACKSLASH_ESCAPES,STRICT_TRANS_TABLES";

    private static final String ALTER = "ADD COLUMN h VARCHAR(20) AS (b || id) STORED, ADD COLUMN \"no te\" REAL,"
            + " ADD COLUMN s VARCHAR(9) NOT NULL DEFAULT 'a\\', DROP COLUMN \"a\"\"b\"";

    private static final List<String> TABLE = List.of(
            "(id INT NOT NULL PRIMARY KEY, \"a\"\"b\" VARCHAR(20) NOT NULL DEFAULT 'x\\', b INT NULL)",
            " (id, b) VALUES (1, 1), (2, 2), (3, NULL)");

    private static AlterTrial trial(EmbeddedServer own, TestDatabase database) throws Exception {
        try (Connection connection = database.connect();
                Statement s = connection.createStatement()) {
            s.execute("SET GLOBAL sql_mode = '" + MODE + "'");
        }
        AlterTrial trial = new AlterTrial(own.server(), database);
        for (String name : List.of("t", "twin")) {
            trial.execute("CREATE TABLE " + name + " " + TABLE.get(0), "INSERT INTO " + name + TABLE.get(1));
        }
        return trial;
    }

    private static String structure(AlterTrial trial, String table) throws Exception {
        return String.join(
                "\n",
                trial.column("SELECT CONCAT_WS('|', COLUMN_NAME, COLUMN_TYPE, COLUMN_DEFAULT, GENERATION_EXPRESSION)"
                        + " FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = '" + table
                        + "' ORDER BY ORDINAL_POSITION"));
    }

    private static void requireSame(AlterTrial trial) throws Exception {
        assertThat(structure(trial, "t")).isEqualTo(structure(trial, "twin"));
        String rows = "SELECT CONCAT_WS('|', id, b, h, s) FROM ";
        assertThat(trial.column(rows + "t ORDER BY id")).isEqualTo(trial.column(rows + "twin ORDER BY id"));
    }

    @ParameterizedTest
    @EnumSource(names = {"MYSQL_80", "MARIADB_114"})
    void aGhostIsMadeAsTheServerReadsItsText(ServerKind kind) throws Exception {
        try (EmbeddedServer own =
                        EmbeddedServer.of(kind).bufferPoolMebibytes(16).start();
                TestDatabase database = TestDatabase.create(own.server())) {
            AlterTrial trial = trial(own, database);
            trial.alter("t", ALTER);
            trial.execute("ALTER TABLE twin " + ALTER + ", ALGORITHM=COPY");
            requireSame(trial);

            for (String name : List.of("t", "twin")) {
                trial.execute(
                        "INSERT INTO " + name + " (id, b) VALUES (4, 44)", "DELETE FROM " + name + " WHERE id = 2");
            }
            requireSame(trial);
            trial.alteration(new TableAlter(trial.table("t"), ALTER)).revert();
            assertThat(trial.column("SELECT CONCAT_WS('|', id, \"a\"\"b\", b) FROM t ORDER BY id"))
                    .containsExactly("1|x\\|1", "3|x\\", "4|x\\|44");
        }
    }

    /** Where a backslash escapes, all of this is one column, and the rename is within its default. */
    private static final String TWO_WAYS =
            "ADD COLUMN s VARCHAR(100) NOT NULL DEFAULT 'a\\', CHANGE COLUMN b c INT NULL"
                    + " COMMENT \"'\", ADD COLUMN z INT COMMENT '\"#'";

    @ParameterizedTest
    @EnumSource(names = {"MYSQL_80", "MARIADB_114"})
    void aRunGoesOnAndBackAsItWasBegun(ServerKind kind) throws Exception {
        try (EmbeddedServer own =
                        EmbeddedServer.of(kind).bufferPoolMebibytes(16).start();
                TestDatabase database = TestDatabase.create(own.server())) {
            new AlterTrial(own.server(), database)
                    .execute(
                            "SET GLOBAL sql_mode = 'NO_BACKSLASH_ESCAPES'",
                            "CREATE TABLE t (id INT NOT NULL PRIMARY KEY, b INT NULL)",
                            "INSERT INTO t VALUES (1, 1), (2, 22), (3, NULL)");
            AlterTrial trial =
                    new AlterTrial(own.server(), database).rules(StressCase.renamesApproved(Rules.IndexTime.WITH_ROWS));
            trial.listener = progress -> {
                if (progress instanceof Progress.Reached at && at.milestone() == Milestone.BEFORE_ROW_COPY) {
                    throw new IllegalStateException("ended");
                }
            };
            assertThatThrownBy(() -> trial.alter("t", TWO_WAYS)).hasMessageContaining("ended");
            assertThat(trial.column("SHOW TABLES LIKE '%gho'")).hasSize(1);

            trial.execute("SET GLOBAL sql_mode = 'STRICT_TRANS_TABLES'");
            trial.listener = trial.progress::add;
            trial.alter("t", TWO_WAYS);
            assertThat(trial.column("SELECT CONCAT_WS('|', id, c, s) FROM t ORDER BY id"))
                    .containsExactly("1|1|a\\", "2|22|a\\", "3|a\\");

            trial.execute("INSERT INTO t (id, c) VALUES (4, 44)", "UPDATE t SET c = 10 WHERE id = 1");
            trial.alteration(new TableAlter(trial.table("t"), TWO_WAYS)).revert();
            assertThat(trial.column("SELECT CONCAT_WS('|', id, b) FROM t ORDER BY id"))
                    .containsExactly("1|10", "2|22", "3", "4|44");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MYSQL_80", "MARIADB_114"})
    void soIsWhatTheServerDoesByItself(ServerKind kind) throws Exception {
        try (EmbeddedServer own =
                        EmbeddedServer.of(kind).bufferPoolMebibytes(16).start();
                TestDatabase database = TestDatabase.create(own.server())) {
            AlterTrial trial = trial(own, database).rules(Rules.DEFAULT);
            String alter = "ADD COLUMN h REAL, ADD COLUMN s VARCHAR(9) NOT NULL DEFAULT 'a\\'";
            trial.alter("t", alter);
            trial.execute("ALTER TABLE twin " + alter);
            assertThat(structure(trial, "t")).contains("h|float").isEqualTo(structure(trial, "twin"));
            requireSame(trial);
        }
    }
}

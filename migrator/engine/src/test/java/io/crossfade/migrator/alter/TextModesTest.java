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
import java.sql.SQLException;
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

    @ParameterizedTest
    @EnumSource(names = {"MYSQL_80", "MARIADB_114"})
    void partsOfASecondAreCutAsTheServerCutsThem(ServerKind kind) throws Exception {
        try (EmbeddedServer own =
                        EmbeddedServer.of(kind).bufferPoolMebibytes(16).start();
                TestDatabase database = TestDatabase.create(own.server())) {
            boolean rounds = kind.isMariaDb();
            new AlterTrial(own.server(), database)
                    .execute("SET GLOBAL sql_mode = 'STRICT_TRANS_TABLES,"
                            + (rounds ? "TIME_ROUND_FRACTIONAL" : "TIME_TRUNCATE_FRACTIONAL") + "'");
            AlterTrial trial = new AlterTrial(own.server(), database).rules(Scene.UNCHECKED);
            for (String name : List.of("t", "twin")) {
                trial.execute(
                        "CREATE TABLE " + name + " (id INT NOT NULL PRIMARY KEY, a TIME(6) NULL, b DATETIME(6) NULL,"
                                + " c TIMESTAMP(6) NULL, f TIME NULL)",
                        "INSERT INTO " + name + " (id, a, b, c) VALUES (1, '10:00:00.7', '2024-01-01 10:00:00.777',"
                                + " '2024-01-01 10:00:00.7'), (2, '-10:00:00.7', '2024-12-31 23:59:59.999', NULL)");
            }
            trial.listener = progress -> {
                trial.progress.add(progress);
                if (progress instanceof Progress.Reached at && at.milestone() == Milestone.ROW_COPY_COMPLETE) {
                    written(trial);
                }
            };
            String alter =
                    "MODIFY COLUMN a TIME NULL, MODIFY COLUMN b DATETIME(2) NULL, MODIFY COLUMN c TIMESTAMP NULL,"
                            + " MODIFY COLUMN f TIME(3) NULL, ADD COLUMN e TIME(1) NULL DEFAULT '10:00:00.27'";
            trial.alter("t", alter);
            trial.execute("ALTER TABLE twin " + alter + ", ALGORITHM=COPY");
            String rows = "SELECT CONCAT_WS('|', id, a, b, c, e) FROM ";
            assertThat(trial.column(rows + "t ORDER BY id"))
                    .hasSize(3)
                    .isEqualTo(trial.column(rows + "twin ORDER BY id"))
                    .first()
                    .asString()
                    .startsWith(rounds ? "1|10:00:01|" : "1|10:00:00|");
            assertThat(trial.said()).noneMatch(t -> t.contains("should not have been necessary"));

            trial.execute("UPDATE t SET f = '11:00:00.7' WHERE id = 1");
            trial.alteration(new TableAlter(trial.table("t"), alter)).revert();
            assertThat(trial.one("SELECT f FROM t WHERE id = 1")).isEqualTo(rounds ? "11:00:01" : "11:00:00");
        }
    }

    private static void written(AlterTrial trial) {
        try {
            for (String name : List.of("t", "twin")) {
                trial.execute(
                        "INSERT INTO " + name + " (id, a, b, c) VALUES (3, '12:00:00.5', '2024-01-01 10:00:00.555',"
                                + " '2024-01-01 10:00:00.9')",
                        "UPDATE " + name + " SET a = '13:00:00.6' WHERE id = 2");
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
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

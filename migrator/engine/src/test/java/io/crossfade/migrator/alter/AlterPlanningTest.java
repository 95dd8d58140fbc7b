package io.crossfade.migrator.alter;

import static io.crossfade.migrator.alter.Plans.ghost;
import static io.crossfade.migrator.alter.Plans.ofTable;
import static io.crossfade.migrator.alter.Plans.plan;
import static io.crossfade.migrator.alter.Plans.refuses;
import static io.crossfade.migrator.alter.Plans.warns;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.migrator.ghost.Rules;
import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.migrator.mysql.Connections;
import io.crossfade.migrator.mysql.Histograms;
import io.crossfade.migrator.mysql.SomeRules;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.model.TableName;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import io.crossfade.testkit.TestServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;

/** What a dry run says, with each finding of the lint once. */
class AlterPlanningTest {

    @AfterEach
    void nothingIsLeft(TestDatabase database) throws Exception {
        assertThat(database.query("SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()"
                        + " AND TABLE_NAME LIKE '\\_cf\\_probe%'"))
                .isEmpty();
    }

    @ServerTest
    void planShowsWayKeyColumnsDiskAndTime(TestDatabase database) throws Exception {
        database.execute("CREATE TABLE t (id INT PRIMARY KEY, a INT)", "INSERT INTO t VALUES (1, 2), (2, 3)");
        AlterPlan plan = plan(database, "CHANGE a b BIGINT", r -> {
            r.approvesRenamed = true;
            r.count = Rules.Count.BESIDE_COPY;
        });
        assertThat(plan.route().kind()).isEqualTo(Rules.Route.GHOST);
        assertThat(plan.route().locks()).contains("cut-over");
        assertThat(plan.key()).isEqualTo("PRIMARY (id)");
        assertThat(plan.renames()).isEqualTo(Map.of("a", "b"));
        assertThat(plan.columns()).hasSize(2);
        assertThat(plan.rows()).isEqualTo(2);
        assertThat(plan.diskBytes()).isPositive();
        assertThat(plan.expected()).isPositive();
        assertThat(plan.isRefused()).isFalse();
        assertThat(plan.names().ghost().table()).isEqualTo("_t_gho");
    }

    @ServerTest({ServerKind.MYSQL_80, ServerKind.MARIADB_114})
    void statisticsThatStayWithTheOldTableAreTold(TestServer server, TestDatabase database) throws Exception {
        database.execute(
                "CREATE TABLE t (id INT PRIMARY KEY, a INT)",
                "INSERT INTO t VALUES (1, 2)",
                server.kind().isMariaDb()
                        ? "ANALYZE TABLE t PERSISTENT FOR COLUMNS (a) INDEXES ()"
                        : "ANALYZE TABLE t UPDATE HISTOGRAM ON a");
        warns(ghost(database, "ADD b INT").get(0), "keeps statistics of a", "ANALYZE TABLE");
        database.execute("ALTER TABLE t ADD b INT, ALGORITHM=COPY");
        try (Connection connection = database.connect()) {
            assertThat(Histograms.of(connection, new TableName(database.name(), "t")))
                    .as("those that the server's own ALTER keeps")
                    .containsExactly("a");
        }
    }

    @ServerTest
    void notNullWithoutDefaultIsRefused(TestDatabase database) throws Exception {
        database.execute("CREATE TABLE t (id INT PRIMARY KEY)");
        assertThat(ghost(database, "ADD a INT NOT NULL")).isEmpty();
        database.execute("INSERT INTO t VALUES (1)");
        assertThat(ghost(database, "ADD a INT NOT NULL"))
                .singleElement()
                .satisfies(f -> refuses(f, "\"a\"", "DEFAULT"));
    }

    @ServerTest
    void acceptedFindingsOnlyWarn(TestDatabase database) throws Exception {
        database.execute("CREATE TABLE t (id INT PRIMARY KEY)", "INSERT INTO t VALUES (1)");
        AlterPlan plan = plan(database, "ADD a INT NOT NULL", r -> {
            r.route = Rules.Route.GHOST;
            r.acceptsLint = true;
        });
        assertThat(ofTable(plan)).hasSize(1);
        assertThat(plan.isRefused()).isFalse();
    }

    @ServerTest
    void narrowedNumbersAreCountedWithKeysAndWithoutValues(TestDatabase database) throws Exception {
        database.execute(
                "CREATE TABLE t (id INT PRIMARY KEY, a INT, d DECIMAL(10,4), u BIGINT UNSIGNED)",
                "INSERT INTO t VALUES (1, 7, 1.5, 1), (2, 70123, 1.25, 2), (3, -1, 1.2345, 18446744073709551615), (4, NULL, NULL, NULL)");
        assertThat(ghost(database, "MODIFY a SMALLINT UNSIGNED, MODIFY d DECIMAL(9,2), MODIFY u BIGINT"))
                .satisfiesExactlyInAnyOrder(
                        f -> refuses(f, "2 rows", "\"a\"", "id=2; id=3"),
                        f -> refuses(f, "1 rows", "\"d\"", "id=3"),
                        f -> refuses(f, "1 rows", "\"u\"", "id=3"))
                .noneSatisfy(f -> assertThat(f.toString()).contains("70123"));
    }

    @ServerTest
    void widenedColumnsAskNothing(TestDatabase database) throws Exception {
        database.execute(
                "CREATE TABLE t (id INT PRIMARY KEY, a INT, b VARCHAR(9), c DATETIME, d DECIMAL(5,2), e VARCHAR(9) CHARACTER SET latin1)",
                "INSERT INTO t VALUES (1, 7, 'x', NOW(), 1, 'x')");
        assertThat(ghost(
                        database,
                        "MODIFY a BIGINT, MODIFY b VARCHAR(99), MODIFY c DATETIME(6), MODIFY d DECIMAL(9,3),"
                                + " MODIFY e TEXT CHARACTER SET utf8mb4"))
                .isEmpty();
    }

    @ServerTest
    void shortenedTextAndBytesAreCounted(TestDatabase database) throws Exception {
        database.execute(
                "CREATE TABLE t (id INT PRIMARY KEY, a VARCHAR(20), b VARBINARY(20), c MEDIUMTEXT) DEFAULT CHARSET utf8mb4",
                "INSERT INTO t VALUES (1, 'äöüäö', 'abcde', 'x'), (2, 'äöüäöü', 'abcdef', REPEAT('ä', 40000))");
        assertThat(ghost(database, "MODIFY a VARCHAR(5), MODIFY b VARBINARY(5), MODIFY c TEXT"))
                .satisfiesExactlyInAnyOrder(
                        f -> refuses(f, "1 rows", "\"a\"", "id=2"),
                        f -> refuses(f, "1 rows", "\"b\"", "id=2"),
                        f -> refuses(f, "1 rows", "\"c\"", "id=2"));
    }

    /** What the server changes without a word, so that copy and checksum agree on it. */
    @ServerTest
    void whatTheServerBendsInSilenceIsCounted(TestDatabase database) throws Exception {
        database.execute(
                "CREATE TABLE t (id INT PRIMARY KEY, a VARCHAR(20), b VARBINARY(4), e ENUM('1', '2', '10'), s SET('x'), d DOUBLE)",
                "INSERT INTO t VALUES (1, 'x', '1234', '2', '', 1.5), (2, '', '', '10', 'x', 1e39), (3, 'x ', 'abc', '1', NULL, NULL)");
        assertThat(ghost(database, "MODIFY a CHAR(20), MODIFY b BINARY(4), MODIFY e INT, MODIFY s INT, MODIFY d FLOAT"))
                .satisfiesExactlyInAnyOrder(
                        f -> refuses(f, "1 rows", "\"a\"", "id=3"),
                        f -> refuses(f, "2 rows", "\"b\"", "id=2; id=3"),
                        f -> refuses(f, "1 rows", "\"e\"", "id=2"),
                        f -> refuses(f, "1 rows", "\"s\"", "id=2"),
                        f -> refuses(f, "1 rows", "\"d\"", "id=2"),
                        f -> assertThat(f.toString()).contains("\"d\"", "7 digits"));
    }

    @ServerTest
    void charsetThatCannotHoldTheTextIsCounted(TestDatabase database) throws Exception {
        database.execute(
                "CREATE TABLE t (id INT PRIMARY KEY, a VARCHAR(20)) DEFAULT CHARSET utf8mb4",
                "INSERT INTO t VALUES (1, 'ä'), (2, _utf8mb4 X'E299AB')");
        assertThat(ghost(database, "CONVERT TO CHARACTER SET latin1"))
                .singleElement()
                .satisfies(f -> refuses(f, "1 rows", "latin1", "id=2"));
    }

    @ServerTest
    void textThatIsNoNumberOrDayIsCounted(TestDatabase database) throws Exception {
        database.execute(
                "CREATE TABLE t (id INT PRIMARY KEY, a VARCHAR(20), b VARCHAR(20))",
                "INSERT INTO t VALUES (1, '7', '2024-02-28'), (2, 'x', '2024-02-30'), (3, '7.5', 'now')");
        assertThat(ghost(database, "MODIFY a INT, MODIFY b DATE"))
                .satisfiesExactlyInAnyOrder(
                        f -> refuses(f, "2 rows", "\"a\"", "id=2; id=3"),
                        f -> refuses(f, "2 rows", "\"b\"", "id=2; id=3"));
    }

    @ServerTest
    void lostFractionsAndMomentsAreCounted(TestDatabase database) throws Exception {
        database.execute(
                "CREATE TABLE t (id INT PRIMARY KEY, a DATETIME(6), b DATETIME, c DATETIME)",
                "INSERT INTO t VALUES (1, '2024-01-01 00:00:00.5', '2024-01-01 00:00:00', '2024-01-01 00:00:00'),"
                        + " (2, '2024-01-01 00:00:00.25', '2024-01-01 01:00:00', '1960-01-01 00:00:00')");
        assertThat(ghost(database, "MODIFY a DATETIME(1), MODIFY b DATE, MODIFY c TIMESTAMP NULL"))
                .satisfiesExactlyInAnyOrder(
                        f -> refuses(f, "1 rows", "\"a\"", "id=2"),
                        f -> refuses(f, "1 rows", "\"b\"", "id=2"),
                        f -> refuses(f, "1 rows", "\"c\"", "id=2"),
                        f -> warns(f, "\"c\"", "time zone"));
    }

    @ServerTest
    void nullsThatBecomeNotNullAreCounted(TestDatabase database) throws Exception {
        database.execute("CREATE TABLE t (id INT PRIMARY KEY, a INT)", "INSERT INTO t VALUES (1, 1), (2, NULL)");
        assertThat(ghost(database, "MODIFY a INT NOT NULL DEFAULT 0"))
                .singleElement()
                .satisfies(f -> refuses(f, "1 rows", "NOT NULL", "id=2"));
    }

    @ServerTest
    void removedEnumMembersAreCountedAndReorderingIsWarnedOf(TestDatabase database) throws Exception {
        database.execute(
                "CREATE TABLE t (id INT PRIMARY KEY, a ENUM('x','y','it''s'), s SET('p','q','r'))",
                "INSERT INTO t VALUES (1, 'x', 'p'), (2, 'y', 'p,q'), (3, 'it''s', 'r'), (4, NULL, NULL)");
        assertThat(ghost(database, "MODIFY a ENUM('x','it''s'), MODIFY s SET('r','p')"))
                .satisfiesExactlyInAnyOrder(
                        f -> warns(f, "\"a\" loses"),
                        f -> warns(f, "\"s\" loses"),
                        f -> warns(f, "\"s\"", "another order"),
                        f -> refuses(f, "1 rows", "\"a\"", "id=2"),
                        f -> refuses(f, "1 rows", "\"s\"", "id=2"));
        assertThat(ghost(database, "MODIFY a ENUM('x','y','it''s','z')")).isEmpty();
    }

    @ServerTest
    void uniqueKeyOnDuplicatesIsRefusedWithKeys(TestDatabase database) throws Exception {
        database.execute(
                "CREATE TABLE t (id INT PRIMARY KEY, a VARCHAR(9) COLLATE utf8mb4_bin) DEFAULT CHARSET utf8mb4",
                "INSERT INTO t VALUES (1, 'x'), (2, 'X'), (3, NULL), (4, NULL)");
        assertThat(ghost(database, "ADD UNIQUE KEY ua (a)"))
                .singleElement()
                .satisfies(f -> warns(f, "\"ua\"", "is new"));
        assertThat(ghost(database, "ADD UNIQUE KEY ua (a), MODIFY a VARCHAR(9) COLLATE utf8mb4_general_ci"))
                .satisfiesExactlyInAnyOrder(
                        f -> warns(f, "\"ua\"", "is new"), f -> refuses(f, "2 rows share 1 values", "id=1 and id=2"));
        assertThat(ghost(database, "ADD b INT NOT NULL DEFAULT 7, ADD UNIQUE KEY ub (b)"))
                .satisfiesExactlyInAnyOrder(f -> warns(f, "\"ub\""), f -> refuses(f, "4 rows share 1 values"));
    }

    @ServerTest
    void droppedColumnThatIsStillUsedIsRefused(TestDatabase database) throws Exception {
        database.execute(
                "CREATE TABLE t (id INT PRIMARY KEY, a INT, b INT, KEY ab (a, b))",
                "CREATE TABLE other (id INT PRIMARY KEY)",
                "CREATE VIEW v AS SELECT a FROM t",
                "CREATE PROCEDURE p() SELECT a FROM t",
                "CREATE TRIGGER tr AFTER INSERT ON other FOR EACH ROW UPDATE t SET a = NEW.id");
        assertThat(ghost(database, "DROP a"))
                .satisfiesExactlyInAnyOrder(
                        f -> refuses(f, "view", ".v names a"),
                        f -> refuses(f, "routine", ".p names a"),
                        f -> refuses(f, "trigger", ".tr names a"),
                        f -> warns(f, "index \"ab\""));
        assertThat(ghost(database, "DROP b")).singleElement().satisfies(f -> warns(f, "index \"ab\""));
    }

    @ServerTest
    void dropAndAddOfOneTypeLooksLikeARename(TestDatabase database) throws Exception {
        database.execute("CREATE TABLE t (id INT PRIMARY KEY, a INT)", "INSERT INTO t VALUES (1, 1)");
        assertThat(ghost(database, "DROP a, ADD b INT")).singleElement().satisfies(f -> warns(f, "CHANGE COLUMN"));
    }

    @ServerTest
    void otherPrimaryKeyAndAutoIncrementAreWarnedOf(TestDatabase database) throws Exception {
        database.execute("CREATE TABLE t (id INT PRIMARY KEY, a INT NOT NULL, UNIQUE KEY ua (a))");
        assertThat(ghost(database, "DROP PRIMARY KEY, ADD PRIMARY KEY (a), AUTO_INCREMENT = 9"))
                .satisfiesExactlyInAnyOrder(f -> warns(f, "primary key becomes (a)"), f -> warns(f, "AUTO_INCREMENT"));
    }

    @ServerTest
    void onlyUsableKeyMayNotGo(TestDatabase database) throws Exception {
        database.execute("CREATE TABLE t (id INT PRIMARY KEY)");
        assertThatThrownBy(() -> ghost(database, "ADD a INT NOT NULL DEFAULT 1, DROP PRIMARY KEY, ADD PRIMARY KEY (a)"))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("key \"PRIMARY\" (id) has no counterpart");
    }

    @ServerTest
    void leftoversStandAgainstIt(TestDatabase database) throws Exception {
        database.execute("CREATE TABLE t (id INT PRIMARY KEY)", "CREATE TABLE _t_del (id INT)");
        assertThat(ghost(database, "ADD a INT")).singleElement().satisfies(f -> refuses(f, "_t_del"));
        AlterPlan plan = plan(database, "ADD a INT", r -> {
            r.route = Rules.Route.GHOST;
            r.dropsOldFirst = true;
        });
        assertThat(plan.isRefused()).isFalse();
        assertThat(database.queryLong("SELECT COUNT(*) FROM _t_del")).isZero();
    }

    @ServerTest
    void aTableThatWasFilledJustNowNeedsRoom(TestDatabase database) throws Exception {
        database.execute(
                "CREATE TABLE t (id INT PRIMARY KEY AUTO_INCREMENT, a LONGBLOB) STATS_PERSISTENT=1 STATS_AUTO_RECALC=0",
                "INSERT INTO t (a) VALUES (REPEAT('a', 1 << 20)), (REPEAT('b', 1 << 20))",
                "INSERT INTO t (a) SELECT a FROM t");
        AlterPlan plan = plan(database, "ADD b INT", r -> r.route = Rules.Route.GHOST);
        assertThat(plan.diskBytes()).isGreaterThanOrEqualTo(4 << 20);
        assertThat(plan.logBytes()).isGreaterThanOrEqualTo(4 << 20);
    }

    @ServerTest
    void missingPrivilegesAreNamed(TestDatabase database) throws Exception {
        database.execute("CREATE TABLE t (id INT PRIMARY KEY)");
        String user = database.name() + "_u";
        database.execute(
                "CREATE USER '" + user + "'@'%' IDENTIFIED BY 'secret'",
                "GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, ALTER, INDEX, TRIGGER ON `"
                        + database.name().replace("_", "\\_") + "`.* TO '" + user + "'@'%'");
        try (Connection connection =
                new Connections(() -> DriverManager.getConnection(database.jdbcUrl(), user, "secret")).open()) {
            AlterPlan plan = AlterPlanning.plan(
                    connection,
                    new TableAlter(new TableName(database.name(), "t"), "ADD a INT"),
                    SomeRules.with(r -> r.route = Rules.Route.GHOST));
            assertThat(ofTable(plan)).singleElement().satisfies(f -> {
                refuses(
                        f,
                        "LOCK TABLES on " + database.name(),
                        "REPLICATION SLAVE on *.*",
                        "REPLICATION CLIENT on *.*");
                assertThat(f.seen()).doesNotContain("SELECT");
            });
        } finally {
            database.execute("DROP USER '" + user + "'@'%'");
        }
    }

    @ServerTest(ServerKind.MARIADB_114)
    void whatTheChangeLogCannotGiveIsToldBeforeTheRun(TestDatabase database) throws Exception {
        database.execute("CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(100) COMPRESSED)");
        assertThat(ghost(database, "ADD a INT"))
                .singleElement()
                .satisfies(f -> refuses(f, "\"v\"", "cannot be read from the change log"));
    }
}

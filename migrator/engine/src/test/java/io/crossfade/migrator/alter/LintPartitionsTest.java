package io.crossfade.migrator.alter;

import static io.crossfade.migrator.alter.Plans.refuses;
import static io.crossfade.migrator.alter.Plans.warns;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.migrator.ghost.Rules;
import io.crossfade.migrator.lint.Finding;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;

/** What a dry run says of new partitions, another engine, and keys that a new structure leaves as they are, or not. */
class LintPartitionsTest {

    @ServerTest
    void rowsThatFitNoPartitionAreCounted(TestDatabase database) throws Exception {
        database.execute(
                "CREATE TABLE t (id INT NOT NULL, a INT, PRIMARY KEY (id))",
                "INSERT INTO t VALUES (1, 1), (2, 2), (3, 3)");
        assertThat(ghost(database, "PARTITION BY RANGE (id) (PARTITION p0 VALUES LESS THAN (2))"))
                .singleElement()
                .satisfies(f -> refuses(f, "2 rows fit none of the partitions by RANGE (id)", "id=2; id=3"));
        assertThat(
                        ghost(
                                database,
                                "PARTITION BY RANGE (id) (PARTITION p0 VALUES LESS THAN (2), PARTITION p1 VALUES LESS THAN (4))"))
                .isEmpty();
        assertThat(
                        ghost(
                                database,
                                "PARTITION BY RANGE (id) (PARTITION p0 VALUES LESS THAN (2), PARTITION p1 VALUES LESS THAN MAXVALUE)"))
                .isEmpty();
        assertThat(ghost(database, "PARTITION BY HASH (id) PARTITIONS 3")).isEmpty();
        assertThat(
                        ghost(
                                database,
                                "MODIFY id BIGINT NOT NULL PARTITION BY LIST (id) (PARTITION p0 VALUES IN (1, 3), PARTITION p1 VALUES IN (5))"))
                .singleElement()
                .satisfies(f -> refuses(f, "1 rows fit none of the partitions by LIST (id)", "id=2"));
        // Whatever the server computes for itself is not computed here.
        assertThat(ghost(database, "PARTITION BY RANGE (id * 2) (PARTITION p0 VALUES LESS THAN (2))"))
                .singleElement()
                .satisfies(f -> warns(f, "partitions by RANGE (id * 2)", "not to be seen beforehand"));
    }

    @ServerTest
    void textsDaysAndRenamedColumnsAreLookedUpInThePartitions(TestDatabase database) throws Exception {
        database.execute(
                "CREATE TABLE t (id INT, d DATE, s VARCHAR(9), PRIMARY KEY (id, d, s)) DEFAULT CHARSET utf8mb4"
                        + " COLLATE utf8mb4_general_ci",
                "INSERT INTO t VALUES (1, '2024-01-01', 'a'), (2, '2024-12-31', 'b,null'), (3, '2025-01-01', 'it''s')");
        String range = "PARTITION BY RANGE COLUMNS (d) (PARTITION p0 VALUES LESS THAN ('2025-01-01'))";
        String list = "PARTITION BY LIST COLUMNS (s) (PARTITION p0 VALUES IN ('A', 'B,NULL', 'C'))";
        for (String alter : List.of(
                range,
                "MODIFY d DATETIME " + range,
                list,
                "MODIFY s VARCHAR(90) " + list,
                "PARTITION BY RANGE (YEAR(d)) (PARTITION p0 VALUES LESS THAN (2025))",
                "PARTITION BY RANGE (TO_DAYS(d)) (PARTITION p0 VALUES LESS THAN (TO_DAYS('2025-01-01')))",
                "CHANGE id n INT PARTITION BY RANGE (n) (PARTITION p0 VALUES LESS THAN (3))",
                "CHANGE id n INT PARTITION BY LIST (n) (PARTITION p0 VALUES IN (NULL), PARTITION p1 VALUES IN (1, 2))")) {
            assertThat(ghost(database, alter))
                    .as(alter)
                    .singleElement()
                    .satisfies(f -> refuses(f, "1 rows fit none of the partitions by", "id=3"));
        }
        assertThat(ghost(database, range.replace("2025", "2026"))).isEmpty();
        assertThat(ghost(database, list.replace("'C'", "'IT''S', NULL"))).isEmpty();
        assertThat(ghost(database, "PARTITION BY RANGE COLUMNS (id, d) (PARTITION p0 VALUES LESS THAN (9, MAXVALUE))"))
                .singleElement()
                .satisfies(f -> warns(f, "by RANGE COLUMNS (id,d)", "not to be seen beforehand"));
    }

    @ServerTest
    void textsOfOtherCharacterSetsAreLookedUp(TestDatabase database) throws Exception {
        database.execute(
                "CREATE TABLE t (s VARCHAR(9) CHARACTER SET latin1 COLLATE latin1_bin PRIMARY KEY)",
                "INSERT INTO t VALUES ('ä'), ('ö'), ('\\\\')");
        assertThat(ghost(database, "PARTITION BY LIST COLUMNS (s) (PARTITION p0 VALUES IN ('ä', '\\\\'))"))
                .isNotEmpty();
        assertThat(ghost(database, "PARTITION BY LIST COLUMNS (s) (PARTITION p0 VALUES IN ('ä', 'x'))"))
                .singleElement()
                .satisfies(f -> refuses(f, "2 rows fit none of the partitions by LIST COLUMNS (s)"));
    }

    @ServerTest(ServerKind.MARIADB_114)
    void aPartitionForTheRestTakesAll(TestDatabase database) throws Exception {
        database.execute("CREATE TABLE t (id INT PRIMARY KEY)", "INSERT INTO t VALUES (1), (2)");
        assertThat(ghost(database, "PARTITION BY LIST (id) (PARTITION p0 VALUES IN (1), PARTITION p1 DEFAULT)"))
                .isEmpty();
        assertThat(ghost(
                        database,
                        "PARTITION BY LIST COLUMNS (id) (PARTITION p0 VALUES IN (1), PARTITION `p 1` DEFAULT)"))
                .isEmpty();
        assertThat(ghost(database, "PARTITION BY LIST (id) (PARTITION p0 VALUES IN (1), PARTITION p1 VALUES IN (0))"))
                .singleElement()
                .satisfies(f -> refuses(f, "1 rows", "id=2"));
    }

    @ServerTest
    void partitionsThatAreThereAreNotLookedAtAgain(TestDatabase database) throws Exception {
        database.execute(
                "CREATE TABLE t (id INT PRIMARY KEY) PARTITION BY RANGE (id * 2) (PARTITION p0 VALUES LESS THAN"
                        + " (20))");
        assertThat(ghost(database, "ADD a INT")).isEmpty();
        assertThat(ghost(database, "MODIFY id BIGINT")).isEmpty();
    }

    @ServerTest
    void anEngineWithoutTransactionsIsRefused(TestDatabase database) throws Exception {
        database.execute("CREATE TABLE t (id INT PRIMARY KEY)", "INSERT INTO t VALUES (1)");
        for (String engine : List.of("MyISAM", "MEMORY")) {
            AlterPlan plan = Plans.plan(database, "ENGINE=" + engine, r -> {
                r.route = Rules.Route.GHOST;
                r.acceptsLint = true;
            });
            assertThat(plan.isRefused()).as("also where findings are accepted").isTrue();
            assertThat(plan.findings())
                    .anySatisfy(f -> refuses(f, engine.toLowerCase(Locale.ROOT), "no transactions", "keep InnoDB"));
        }
        assertThat(ghost(database, "ENGINE=InnoDB")).isEmpty();
    }

    @ServerTest(ServerKind.MYSQL_80)
    void aFunctionalKeyThatStaysIsNotNew(TestDatabase database) throws Exception {
        database.execute(
                "CREATE TABLE t (id INT PRIMARY KEY, a VARCHAR(100) COLLATE utf8mb4_bin, b INT, v INT AS (b * 2) VIRTUAL,"
                        + " UNIQUE KEY f ((LOWER(a))), UNIQUE KEY g (b, (id + 1)), UNIQUE KEY h ((v + 1)))",
                "INSERT INTO t (id, a, b) VALUES (1, 'x', 1)");
        assertThat(ghost(database, "MODIFY a VARCHAR(200) COLLATE utf8mb4_bin")).isEmpty();
        assertThat(ghost(database, "ADD c INT")).isEmpty();
        assertThat(ghost(database, "MODIFY a VARCHAR(100) COLLATE utf8mb4_general_ci, DROP KEY g"))
                .singleElement()
                .satisfies(f -> warns(f, "unique key \"f\" (lower(`a`)) is new", "not to be seen beforehand"));
        assertThat(ghost(database, "ADD UNIQUE KEY i (b, (UPPER(a)))"))
                .singleElement()
                .satisfies(f -> warns(f, "unique key \"i\" (b, upper(`a`)) is new"));
    }

    @ServerTest
    void aKeyOfAGeneratedColumnThatStaysIsNotNew(TestDatabase database) throws Exception {
        database.execute(
                "CREATE TABLE t (id INT PRIMARY KEY, a INT, b VARCHAR(9), v INT AS (a * 2) VIRTUAL,"
                        + " s VARCHAR(20) AS (CONCAT(b, 'x')) STORED, w INT AS (v + 1) VIRTUAL,"
                        + " UNIQUE KEY uv (v), UNIQUE KEY us (a, s), UNIQUE KEY uw (w))",
                "INSERT INTO t (id, a, b) VALUES (1, 1, 'x'), (2, 2, 'x'), (3, 3, 'x')");
        assertThat(ghost(database, "ADD c INT")).isEmpty();
        assertThat(ghost(database, "MODIFY id BIGINT, ADD KEY b (b)")).isEmpty();
        assertThat(ghost(database, "MODIFY v INT AS (a DIV 2) VIRTUAL"))
                .satisfiesExactlyInAnyOrder(
                        f -> warns(f, "unique key \"uv\" (v) is new", "not to be seen beforehand"),
                        f -> warns(f, "unique key \"uw\" (w) is new", "not to be seen beforehand"));
        assertThat(ghost(database, "ADD UNIQUE KEY n (s)"))
                .singleElement()
                .satisfies(f -> warns(f, "unique key \"n\" (s) is new", "not to be seen beforehand"));
        assertThat(ghost(database, "MODIFY b VARCHAR(9) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"))
                .as("of another collation may come another value")
                .singleElement()
                .satisfies(f -> warns(f, "unique key \"us\" (a, s) is new"));
    }

    @ServerTest
    void aKeyThatGetsAnotherColumnIsToldAsWhatItIs(TestDatabase database) throws Exception {
        database.execute("CREATE TABLE t (id INT PRIMARY KEY, b INT NOT NULL)");
        String alter = "DROP PRIMARY KEY, ADD PRIMARY KEY (id, b) PARTITION BY RANGE (b) (PARTITION p VALUES LESS"
                + " THAN MAXVALUE)";
        assertThatThrownBy(() -> ghost(database, alter))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("key \"PRIMARY\" (id) has no counterpart after the change, a unique key of"
                        + " exactly these columns");
        database.execute("ALTER TABLE t ADD UNIQUE KEY beside (id, b)");
        assertThat(ghost(database, alter)).singleElement().satisfies(f -> warns(f, "primary key becomes (id, b)"));
    }

    private static List<Finding> ghost(TestDatabase database, String alter) throws SQLException {
        return Plans.ghost(database, alter, r -> r.approvesRenamed = true);
    }
}

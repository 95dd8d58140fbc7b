package io.crossfade.migrator.alter;

import static io.crossfade.migrator.alter.Plans.ghost;
import static io.crossfade.migrator.alter.Plans.plan;
import static io.crossfade.migrator.alter.Plans.refuses;
import static io.crossfade.migrator.alter.Plans.warns;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.migrator.ghost.Rules;
import io.crossfade.migrator.lint.Finding;
import io.crossfade.migrator.mysql.Server;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** What a dry run counts before a copy could stop over it, or bend it; and what goes though the ALTER does not say so. */
class LintTypesTest {

    @ServerTest
    void bitsThatDoNotFitAreCounted(TestDatabase database) throws Exception {
        database.execute(
                "CREATE TABLE t (id INT PRIMARY KEY, b BIT(8), i INT, v VARCHAR(9), w BIT(8))",
                "INSERT INTO t VALUES (1, b'1111', 15, NULL, 255), (2, b'10000', 16, 'x', 0), (3, NULL, -1, NULL, 7)");
        assertThat(ghost(database, "MODIFY b BIT(4), MODIFY i BIT(4), MODIFY v BIT(64), MODIFY w BIT(64)"))
                .satisfiesExactlyInAnyOrder(
                        f -> refuses(f, "1 rows", "\"b\"", "id=2"),
                        f -> refuses(f, "2 rows", "\"i\"", "id=2; id=3"),
                        f -> refuses(f, "1 rows", "\"v\"", "id=2"));
    }

    @ServerTest
    void numbersThatAreNoDayAreCounted(TestDatabase database) throws Exception {
        database.execute(
                "CREATE TABLE t (id INT PRIMARY KEY, y YEAR, d INT, m BIGINT, u INT)",
                "INSERT INTO t VALUES (1, 2024, 20240229, 20240229235959, 235959), (2, NULL, 301, 20240229, 3000),"
                        + " (3, NULL, 20240230, 99, 70), (4, NULL, NULL, NULL, NULL)");
        assertThat(ghost(database, "MODIFY y DATE, MODIFY d DATE, MODIFY m DATETIME, MODIFY u TIME"))
                .satisfiesExactlyInAnyOrder(
                        f -> refuses(f, "1 rows", "\"y\"", "id=1"),
                        f -> refuses(f, "2 rows", "\"d\"", "id=2; id=3"),
                        f -> refuses(f, "1 rows", "\"m\"", "id=3"),
                        f -> refuses(f, "1 rows", "\"u\"", "id=3"));
    }

    /** The server takes the day of the copy for a TIME, and a part of a moment for a YEAR. */
    @ServerTest
    void partsOfAMomentAreCountedAndNullsAreNot(TestDatabase database) throws Exception {
        database.execute(
                "CREATE TABLE t (id INT PRIMARY KEY, u TIME, d DATETIME, e DATE, m DATETIME)",
                "INSERT INTO t VALUES (1, '10:00:00', '2024-02-29 10:00:00', '2024-02-29', '2024-02-29 10:00:00'),"
                        + " (2, NULL, NULL, NULL, NULL)");
        assertThat(ghost(database, "MODIFY u DATETIME, MODIFY d TIME, MODIFY e YEAR, MODIFY m INT"))
                .satisfiesExactlyInAnyOrder(
                        f -> refuses(f, "1 rows", "\"u\"", "id=1;"),
                        f -> refuses(f, "1 rows", "\"d\"", "id=1;"),
                        f -> refuses(f, "1 rows", "\"e\"", "id=1;"),
                        f -> refuses(f, "1 rows", "\"m\"", "id=1;"));
        assertThat(ghost(database, "MODIFY m BIGINT, MODIFY e INT")).isEmpty();
    }

    @ServerTest
    void textsThatAreNoTimeOrNumberAreCounted(TestDatabase database) throws Exception {
        database.execute(
                "CREATE TABLE t (id INT PRIMARY KEY, a VARCHAR(20), b VARCHAR(20), c VARBINARY(20))",
                "INSERT INTO t VALUES (1, '-12:30', '1.5e3', '2024-02-29'), (2, '900:00:00', 'x', 'x'),"
                        + " (3, 'noon', ' .5', NULL), (4, '12:30:61', '', NULL)");
        assertThat(ghost(database, "MODIFY a TIME, MODIFY b DOUBLE, MODIFY c DATE"))
                .satisfiesExactlyInAnyOrder(
                        f -> refuses(f, "3 rows", "\"a\"", "id=2; id=3; id=4"),
                        f -> refuses(f, "2 rows", "\"b\"", "id=2; id=4"),
                        f -> refuses(f, "1 rows", "\"c\"", "id=2"));
    }

    @ServerTest
    void textThatIsNoDocumentIsCounted(TestDatabase database) throws Exception {
        database.execute(
                "CREATE TABLE t (id INT PRIMARY KEY, a TEXT) DEFAULT CHARSET utf8mb4",
                "INSERT INTO t VALUES (1, '{\"b\": 1, \"b\": 2}'), (2, 'no'), (3, NULL)");
        List<Finding> findings = ghost(database, "MODIFY a JSON");
        assertThat(findings).anySatisfy(f -> refuses(f, "1 rows", "id=2"));
        if (!isMariaDb(database)) {
            assertThat(findings).anySatisfy(f -> warns(f, "\"a\" becomes JSON", "the last value stays"));
        }
    }

    @ServerTest
    void aDocumentThatIsNoNumberIsCounted(TestDatabase database) throws Exception {
        database.execute(
                "CREATE TABLE t (id INT PRIMARY KEY, a JSON, b JSON)",
                "INSERT INTO t VALUES (1, '7', '7'), (2, '[7]', NULL), (3, NULL, NULL), (4, '70000', NULL)");
        assertThat(ghost(database, "MODIFY a SMALLINT")).anySatisfy(f -> refuses(f, "2 rows", "\"a\"", "id=2; id=4"));
    }

    @ServerTest
    void indexesOfADroppedColumnAreTold(TestDatabase database) throws Exception {
        database.execute("CREATE TABLE t (id INT PRIMARY KEY, a INT, b INT, UNIQUE KEY ua (a), KEY ab (a, b))");
        assertThat(ghost(database, "DROP a"))
                .satisfiesExactlyInAnyOrder(
                        f -> warns(f, "index \"ua\" holds nothing but a, and goes with it"),
                        f -> warns(f, "index \"ab\" holds a, and a column that is dropped is taken out"));
        assertThat(ghost(database, "DROP a, DROP KEY ua, DROP KEY ab")).isEmpty();
        AlterPlan renamed = plan(database, "CHANGE a c INT", r -> {
            r.route = Rules.Route.GHOST;
            r.approvesRenamed = true;
        });
        assertThat(renamed.findings())
                .as("a renamed column stays in its indexes")
                .noneSatisfy(f -> assertThat(f.seen()).contains("index"));
    }

    @ServerTest
    void aCheckOfADroppedColumnIsTold(TestDatabase database) throws Exception {
        if (!hasChecks(database)) {
            return;
        }
        database.execute("CREATE TABLE t (id INT PRIMARY KEY, a INT CHECK (a > 0), b INT, c INT)");
        assertThat(ghost(database, "DROP a"))
                .singleElement()
                .satisfies(f -> warns(f, "CHECK", "names nothing but a, and goes with it"));
        assertThat(ghost(database, "DROP b")).isEmpty();
        if (isMariaDb(database)) {
            assertThat(ghost(database, "MODIFY a BIGINT"))
                    .singleElement()
                    .satisfies(f -> warns(f, "CHECK \"a\" goes", "says it again"));
        }
    }

    @ServerTest
    void rowsThatDoNotPassANewCheckAreCounted(TestDatabase database) throws Exception {
        if (!hasChecks(database)) {
            return;
        }
        database.execute(
                "CREATE TABLE t (id INT PRIMARY KEY, a INT, s VARCHAR(9), CONSTRAINT kept CHECK (a < 1000))",
                "INSERT INTO t VALUES (1, 7, 'it''s'), (2, 700, 'x'), (3, NULL, NULL)");
        assertThat(ghost(database, "ADD CONSTRAINT small CHECK (a < 100 AND s <> 'y')"))
                .singleElement()
                .satisfies(f -> refuses(f, "1 rows do not pass CHECK \"small\"", "id=2"));
        assertThat(ghost(database, "ADD CONSTRAINT quoted CHECK (s <> 'it''s\\\\')"))
                .isEmpty();
        assertThat(ghost(database, "ADD CONSTRAINT quoted CHECK (s <> 'it''s')"))
                .singleElement()
                .satisfies(f -> refuses(f, "1 rows do not pass CHECK \"quoted\"", "id=1"));
        assertThat(ghost(database, "ADD CHECK (a < 100)")).singleElement().satisfies(f -> assertThat(f.seen())
                .doesNotContain("_cf_probe"));
        assertThat(ghost(database, "ADD z INT DEFAULT 3, ADD CONSTRAINT zz CHECK (z > a)"))
                .singleElement()
                .satisfies(f -> warns(f, "\"zz\"", "beforehand"));
        assertThat(ghost(database, "ADD z INT")).isEmpty();
    }

    /** As texts '10' comes before '5'. */
    @ServerTest
    void whatANewTypeMakesOfACheckIsNotGuessed(TestDatabase database) throws Exception {
        if (!hasChecks(database)) {
            return;
        }
        database.execute(
                "CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(9), i INT, d DECIMAL(5,2), s VARCHAR(9) COLLATE utf8mb4_bin)"
                        + " DEFAULT CHARSET utf8mb4",
                "INSERT INTO t VALUES (1, '10', 10, 1.25, 'a'), (2, '9', 200, 2.50, 'B')");
        assertThat(ghost(database, "MODIFY v INT, ADD CONSTRAINT c CHECK (v > '5')"))
                .singleElement()
                .satisfies(f -> warns(f, "CHECK \"c\" is new", "\"v\", whose type changes", "beforehand"));
        assertThat(ghost(database, "MODIFY s VARCHAR(9) COLLATE utf8mb4_general_ci, ADD CONSTRAINT c CHECK (s < 'b')"))
                .singleElement()
                .satisfies(f -> warns(f, "CHECK \"c\" is new", "\"s\", whose type changes"));
        assertThat(ghost(database, "MODIFY i INT UNSIGNED, ADD CONSTRAINT c CHECK (i - 20 < 0)"))
                .singleElement()
                .satisfies(f -> warns(f, "CHECK \"c\" is new", "\"i\", whose type changes"));
        // The values and what they compare like stay the same.
        assertThat(ghost(
                        database,
                        "MODIFY i BIGINT, MODIFY d DECIMAL(9,2), MODIFY v TEXT, ADD CONSTRAINT ci CHECK (i < 100),"
                                + " ADD CONSTRAINT cd CHECK (d < 2), ADD CONSTRAINT cv CHECK (v < '9')"))
                .satisfiesExactlyInAnyOrder(
                        f -> refuses(f, "1 rows do not pass CHECK \"ci\"", "id=2"),
                        f -> refuses(f, "1 rows do not pass CHECK \"cd\"", "id=2"),
                        f -> refuses(f, "1 rows do not pass CHECK \"cv\"", "id=2"));
    }

    /** As a text '10' is less than '5'. */
    @ServerTest
    void aCheckThatStaysOverANewTypeIsTold(TestDatabase database) throws Exception {
        if (!hasChecks(database)) {
            return;
        }
        database.execute(
                "CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(9), d DECIMAL(5,2), CONSTRAINT low CHECK (v < '5'),"
                        + " CONSTRAINT few CHECK (d < 10)) DEFAULT CHARSET utf8mb4",
                "INSERT INTO t VALUES (1, '10', 1), (2, '4', 9)");
        assertThat(ghost(database, "MODIFY v INT"))
                .singleElement()
                .satisfies(f -> warns(f, "CHECK \"low\" stays", "\"v\", whose type changes", "beforehand"));
        assertThat(ghost(database, "MODIFY d INT"))
                .singleElement()
                .satisfies(f -> warns(f, "CHECK \"few\" stays", "\"d\", whose type changes", "beforehand"));
        assertThat(ghost(database, "MODIFY v TEXT, MODIFY d DECIMAL(9,2), ADD z INT"))
                .isEmpty();
        if (isMariaDb(database)) {
            // Its clause is the same again, in the words of the new name.
            assertThat(ghost(database, "CHANGE v w VARCHAR(9)", r -> r.approvesRenamed = true))
                    .isEmpty();
            assertThat(ghost(database, "CHANGE v w INT", r -> r.approvesRenamed = true))
                    .singleElement()
                    .satisfies(f -> warns(f, "CHECK \"low\" stays", "\"w\", whose type changes"));
        }
    }

    @ServerTest
    void rowsThatACheckFindsOnceItIsEnforcedAreCounted(TestDatabase database) throws Exception {
        if (!hasChecks(database) || isMariaDb(database)) {
            return;
        }
        database.execute(
                "CREATE TABLE t (id INT PRIMARY KEY, a INT, CONSTRAINT small CHECK (a < 100) NOT ENFORCED,"
                        + " CONSTRAINT kept CHECK (a < 1000))",
                "INSERT INTO t VALUES (1, 7), (2, 700), (3, NULL)");
        assertThat(ghost(database, "ALTER CHECK small ENFORCED"))
                .singleElement()
                .satisfies(
                        f -> refuses(f, "1 rows do not pass CHECK \"small\", which is enforced from now on", "id=2"));
        assertThat(ghost(database, "ALTER CHECK kept NOT ENFORCED")).isEmpty();
        assertThat(ghost(database, "ADD z INT")).isEmpty();
    }

    @ServerTest
    void whatTheServerSaysOfACheckIsSaidInTheUsersNames(TestDatabase database) throws Exception {
        if (!hasChecks(database) || isMariaDb(database)) {
            return;
        }
        database.execute("CREATE TABLE t (id INT PRIMARY KEY, a INT, b INT, CONSTRAINT both_of CHECK (a < b))");
        assertThatThrownBy(() -> ghost(database, "DROP a"))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("'both_of' uses column 'a'");
        assertThatThrownBy(() -> ghost(database, "DROP CHECK both_of, ADD CONSTRAINT both_of CHECK (a <= b)"))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("give the new one another name");
        assertThat(ghost(database, "DROP CHECK both_of")).isEmpty();
    }

    private static boolean hasChecks(TestDatabase database) throws SQLException {
        try (Connection connection = database.connect()) {
            return Server.of(connection).hasCheckConstraints();
        }
    }

    private static boolean isMariaDb(TestDatabase database) throws SQLException {
        try (Connection connection = database.connect()) {
            return Server.of(connection).isMariaDb();
        }
    }
}

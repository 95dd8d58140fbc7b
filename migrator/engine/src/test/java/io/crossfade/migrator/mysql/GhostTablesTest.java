package io.crossfade.migrator.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.migrator.ghost.Rules;
import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.migrator.ghost.TableChange;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.model.TableName;
import io.crossfade.state.CatalogReader;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/** What a ghost is like, and from what none is made. */
class GhostTablesTest {

    private static final Instant BEGAN = Instant.parse("2024-05-06T07:08:09Z");

    @ServerTest
    void addedColumnIsInTheGhostAndInNoPair(TestDatabase database) throws Exception {
        database.execute(
                "CREATE TABLE t (id INT PRIMARY KEY AUTO_INCREMENT, a VARCHAR(20))", "INSERT INTO t VALUES (41, 'x')");
        TableChange change = created(database, "ADD COLUMN note INT NOT NULL DEFAULT 0", Rules.DEFAULT);
        assertThat(change.ghost().name().table()).isEqualTo("_t_gho");
        assertThat(change.old().table()).isEqualTo("_t_del");
        assertThat(change.ghost().has("note")).isTrue();
        assertThat(pairs(change)).containsExactly("id>id", "a>a");
        assertThat(change.converts()).isFalse();
        assertThat(change.sourceKey().index()).isEqualTo("PRIMARY");
        assertThat(change.uniqueKeysAdded()).isEmpty();
        assertThat(create(database, "_t_gho")).contains("AUTO_INCREMENT=42");
    }

    static List<String> pairs(TableChange change) {
        return change.pairs().stream()
                .map(p -> p.source().name() + ">" + p.ghost().name())
                .toList();
    }

    static TableChange created(TestDatabase database, String alter, Rules rules) throws SQLException {
        GhostTables tables = tables(database, alter, rules);
        try (Connection connection = new Connections(database::connect).open()) {
            tables.create(connection);
            return tables.describe(connection);
        }
    }

    static GhostTables tables(TestDatabase database, String alter, Rules rules) {
        TableAlter one = new TableAlter(new TableName(database.name(), "t"), alter);
        return new GhostTables(one, rules, GhostNames.of(one, rules, BEGAN));
    }

    private static String create(TestDatabase database, String table) throws SQLException {
        return String.valueOf(
                database.query("SHOW CREATE TABLE " + table).get(0).get(1));
    }

    private static void refused(TestDatabase database, String alter, Rules rules, String... words) {
        assertThatThrownBy(() -> created(database, alter, rules))
                .isInstanceOf(MigrationException.class)
                .hasMessageContainingAll(words);
    }

    @ServerTest
    void missingTableIsNamedWithNearNames(TestDatabase database) throws Exception {
        database.execute("CREATE TABLE tt (id INT PRIMARY KEY)");
        refused(database, "ADD a INT", Rules.DEFAULT, "no such table", "did you mean", ".tt?");
    }

    @ServerTest
    void nothingStaysWhereTheServerRefusesTheAlter(TestDatabase database) throws Exception {
        database.execute("CREATE TABLE t (id INT PRIMARY KEY)");
        refused(database, "ADD COLUMN id INT", Rules.DEFAULT, "does not take", "Duplicate column");
        assertThat(count(database, "_t_gho")).isZero();
    }

    @ServerTest
    void leftoversAreNamedAndDroppedWhenAsked(TestDatabase database) throws Exception {
        database.execute(
                "CREATE TABLE t (id INT PRIMARY KEY)", "CREATE TABLE _t_gho (x INT)", "CREATE TABLE _t_del (x INT)");
        refused(database, "ADD a INT", Rules.DEFAULT, "_t_gho", "--initially-drop-ghost-table");
        refused(database, "ADD a INT", with(r -> r.dropsGhostFirst = true), "_t_del", "--initially-drop-old-table");
        assertThat(count(database, "_t_gho")).isOne();
        TableChange change = created(database, "ADD a INT", with(r -> {
            r.dropsGhostFirst = true;
            r.dropsOldFirst = true;
        }));
        assertThat(change.ghost().has("a")).isTrue();
        assertThat(count(database, "_t_del")).isZero();
    }

    @ServerTest
    void generatedColumnsAreNotCopied(TestDatabase database) throws Exception {
        database.execute("CREATE TABLE t (id INT PRIMARY KEY, a INT, v INT GENERATED ALWAYS AS (a + 1) VIRTUAL,"
                + " s INT GENERATED ALWAYS AS (a + 2) STORED)");
        TableChange change = created(database, "ADD w INT GENERATED ALWAYS AS (a * 2) STORED", Rules.DEFAULT);
        assertThat(pairs(change)).containsExactly("id>id", "a>a");
        assertThat(change.ghost().column("w").orElseThrow().generated()).isTrue();
        assertThat(change.ghost().column("v").orElseThrow().generated()).isTrue();
    }

    @ServerTest
    void sourceIndexCountsEveryColumn(TestDatabase database) throws Exception {
        database.execute("CREATE TABLE t (v INT GENERATED ALWAYS AS (a + 1) VIRTUAL, id INT PRIMARY KEY, a INT)");
        TableChange change = created(database, "DROP COLUMN v", Rules.DEFAULT);
        assertThat(change.pairs()).extracting(p -> p.sourceIndex()).containsExactly(1, 2);
    }

    @ServerTest
    void renamedColumnNeedsAWord(TestDatabase database) throws Exception {
        database.execute("CREATE TABLE t (id INT PRIMARY KEY, a INT, b INT)");
        refused(database, "CHANGE a c INT", Rules.DEFAULT, "\"a\" to \"c\"", "--approve-renamed-columns");
        TableChange kept = created(database, "CHANGE a c BIGINT", with(r -> {
            r.approvesRenamed = true;
            r.dropsGhostFirst = true;
        }));
        assertThat(pairs(kept)).containsExactly("id>id", "a>c", "b>b");
        TableChange given = created(database, "CHANGE a c INT", with(r -> {
            r.skipsRenamed = true;
            r.dropsGhostFirst = true;
        }));
        assertThat(pairs(given)).containsExactly("id>id", "b>b");
    }

    @ServerTest
    void exchangedNamesAreFollowed(TestDatabase database) throws Exception {
        database.execute("CREATE TABLE t (id INT PRIMARY KEY, a INT, b VARCHAR(9))");
        TableChange change =
                created(database, "CHANGE a b INT, CHANGE b a VARCHAR(9)", with(r -> r.approvesRenamed = true));
        assertThat(pairs(change)).containsExactly("id>id", "a>b", "b>a");
    }

    @ServerTest
    void columnDroppedAndAddedAgainIsNoPair(TestDatabase database) throws Exception {
        database.execute("CREATE TABLE t (id INT PRIMARY KEY, a INT)");
        assertThat(pairs(created(database, "DROP a, ADD a VARCHAR(9)", Rules.DEFAULT)))
                .containsExactly("id>id");
    }

    @ServerTest
    void foreignKeysAreRefusedDiscardedOrDropped(TestDatabase database) throws Exception {
        database.execute(
                "CREATE TABLE p (id INT PRIMARY KEY)",
                "CREATE TABLE t (id INT PRIMARY KEY, p INT, CONSTRAINT of_p FOREIGN KEY (p) REFERENCES p (id))");
        refused(database, "ADD a INT", Rules.DEFAULT, "of_p", "--discard-foreign-keys");
        created(database, "ADD a INT", with(r -> r.discardsKeys = true));
        assertThat(create(database, "_t_gho")).doesNotContain("FOREIGN KEY");
        created(database, "DROP FOREIGN KEY of_p, ADD a INT", with(r -> r.dropsGhostFirst = true));
        refused(
                database,
                "ADD FOREIGN KEY (id) REFERENCES p (id)",
                with(r -> {
                    r.dropsGhostFirst = true;
                    r.discardsKeys = true;
                }),
                "foreign_key_checks");
    }

    /** They delete and change rows without an event. */
    @ServerTest
    void foreignKeysThatCascadeAreRefusedAlsoWhereTheyAreGivenUp(TestDatabase database) throws Exception {
        database.execute(
                "CREATE TABLE p (id INT PRIMARY KEY)",
                "CREATE TABLE t (id INT PRIMARY KEY, p INT, CONSTRAINT of_p FOREIGN KEY (p) REFERENCES p (id)"
                        + " ON DELETE SET NULL)");
        if (!database.query("SHOW VARIABLES WHERE Variable_name = 'innodb_native_foreign_keys' AND Value = 'OFF'")
                .isEmpty()) {
            // MySQL 9.6 and later write an event.
            created(database, "ADD a INT", with(r -> r.discardsKeys = true));
            return;
        }
        refused(database, "ADD a INT", with(r -> r.discardsKeys = true), "of_p", "the change log does not tell");
        refused(database, "DROP FOREIGN KEY of_p, ADD a INT", Rules.DEFAULT, "of_p", "RESTRICT");
        created(database, "ADD a INT", with(r -> r.skipsKeyChecks = true));
    }

    @ServerTest
    void parentTableIsRefusedAlways(TestDatabase database) throws Exception {
        database.execute(
                "CREATE TABLE t (id INT PRIMARY KEY)",
                "CREATE TABLE c (id INT PRIMARY KEY, CONSTRAINT of_t FOREIGN KEY (id) REFERENCES t (id))");
        refused(database, "ADD a INT", with(r -> r.discardsKeys = true), "is referenced by", ".c (of_t)");
    }

    /** InnoDB names tables as their files; what is not spelled alike there is looked for in the server's catalog. */
    @ServerTest
    void parentsOfUnusualNamesAreRefusedToo(TestDatabase database) throws Exception {
        for (String name : List.of("Tt_1", "t-1", "t$1", "tä", "t t")) {
            database.execute(
                    "CREATE TABLE `" + name + "` (id INT PRIMARY KEY)",
                    "CREATE TABLE c (id INT PRIMARY KEY, CONSTRAINT of_t FOREIGN KEY (id) REFERENCES `" + name
                            + "` (id))");
            TableAlter alter = new TableAlter(new TableName(database.name(), name), "ADD a INT");
            try (Connection connection = database.connect()) {
                assertThat(Ties.of(connection, alter.table()).children())
                        .as(name)
                        .hasSize(1);
            }
            database.execute("DROP TABLE c, `" + name + "`");
        }
    }

    @ServerTest
    void tableThatReferencesItselfIsNoParent(TestDatabase database) throws Exception {
        database.execute("CREATE TABLE t (id INT PRIMARY KEY, up INT, FOREIGN KEY (up) REFERENCES t (id))");
        assertThat(created(database, "ADD a INT", with(r -> r.discardsKeys = true))
                        .ghost()
                        .has("a"))
                .isTrue();
    }

    @ServerTest
    void triggersAreRefusedOrMadeAtTheEnd(TestDatabase database) throws Exception {
        database.execute(
                "CREATE TABLE t (id INT PRIMARY KEY, a INT)",
                "CREATE TABLE seen (n INT)",
                "CREATE TRIGGER first_one BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1",
                "CREATE TRIGGER second_one BEFORE INSERT ON t FOR EACH ROW INSERT INTO seen VALUES (NEW.a)");
        refused(database, "ADD b INT", Rules.DEFAULT, "first_one", "--include-triggers");
        refused(database, "ADD b INT", with(r -> r.triggers = true), "exists already", "--trigger-suffix");
        refused(
                database,
                "DROP a",
                with(r -> {
                    r.triggers = true;
                    r.suffix = "_cf";
                }),
                "cannot be made");
        assertThat(count(database, "_t_gho")).isZero();
        Rules rules = with(r -> {
            r.triggers = true;
            r.suffix = "_cf";
        });
        created(database, "ADD b INT", rules);
        database.execute("INSERT INTO _t_gho VALUES (1, 5, 6)");
        assertThat(database.queryLong("SELECT COUNT(*) FROM seen")).isZero();
        try (Connection connection = new Connections(database::connect).open()) {
            TriggerCopies copies = tables(database, "ADD b INT", rules).triggers(connection);
            copies.create(connection);
            copies.create(connection);
            database.execute("INSERT INTO _t_gho VALUES (2, 5, 6)");
            assertThat(database.queryLong("SELECT n FROM seen")).isOne();
            copies.drop(connection);
        }
        database.execute("INSERT INTO _t_gho VALUES (3, 5, 6)");
        assertThat(database.queryLong("SELECT COUNT(*) FROM seen")).isOne();
    }

    @ServerTest
    void triggerSuffixIsTakenOffTheNextTime(TestDatabase database) throws Exception {
        database.execute(
                "CREATE TABLE t (id INT PRIMARY KEY, a INT)",
                "CREATE TRIGGER tr_cf BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1");
        Rules rules = with(r -> {
            r.triggers = true;
            r.suffix = "_cf";
            r.takesSuffixOff = true;
        });
        created(database, "ADD b INT", rules);
        try (Connection connection = new Connections(database::connect).open()) {
            tables(database, "ADD b INT", rules).triggers(connection).create(connection);
        }
        assertThat(database.query(
                        "SELECT TRIGGER_NAME FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE()"
                                + " AND EVENT_OBJECT_TABLE = '_t_gho'"))
                .containsExactly(List.of("tr"));
    }

    @ServerTest
    void viewsAndOtherEnginesAreRefused(TestDatabase database) throws Exception {
        database.execute("CREATE TABLE x (id INT PRIMARY KEY)", "CREATE VIEW t AS SELECT * FROM x");
        refused(database, "ADD a INT", Rules.DEFAULT, "is a view");
        database.execute("DROP VIEW t", "CREATE TABLE t (id INT PRIMARY KEY) ENGINE=MyISAM");
        refused(database, "ADD a INT", Rules.DEFAULT, "myisam");
    }

    @ServerTest
    void tableWithoutUsableKeyIsRefusedWithWhatWasSeen(TestDatabase database) throws Exception {
        database.execute("CREATE TABLE t (id INT, a VARCHAR(99) NOT NULL, f FLOAT NOT NULL, UNIQUE KEY n (id),"
                + " UNIQUE KEY p (a(5)), UNIQUE KEY f (f))");
        refused(
                database,
                "ADD b INT",
                Rules.DEFAULT,
                "\"n\" holds id, which may be NULL",
                "\"p\" holds only the beginning of a",
                "\"f\" holds f");
        TableChange change = created(database, "ADD b INT", with(r -> {
            r.nullableKey = true;
            r.dropsGhostFirst = true;
        }));
        assertThat(change.sourceKey().index()).isEqualTo("n");
    }

    @ServerTest
    void anotherKeyIsTakenWhereThePrimaryGoes(TestDatabase database) throws Exception {
        database.execute("CREATE TABLE t (id INT NOT NULL, a BIGINT NOT NULL, b VARCHAR(9) NOT NULL, PRIMARY KEY (id),"
                + " UNIQUE KEY ub (b), UNIQUE KEY ua (a))");
        TableChange change = created(database, "DROP PRIMARY KEY, ADD PRIMARY KEY (a, id), DROP KEY ub", Rules.DEFAULT);
        assertThat(change.sourceKey().index()).isEqualTo("ua");
        assertThat(change.uniqueKeysAdded()).isEmpty();
    }

    @ServerTest
    void uniqueKeysAddedAreInTheGhostsNames(TestDatabase database) throws Exception {
        database.execute(
                "CREATE TABLE t (id INT PRIMARY KEY, a VARCHAR(9) COLLATE utf8mb4_bin, b INT, UNIQUE KEY ua (a))"
                        + " DEFAULT CHARSET utf8mb4");
        TableChange change = created(
                database,
                "CHANGE a c VARCHAR(9) COLLATE utf8mb4_general_ci, ADD UNIQUE KEY ub (b), ADD UNIQUE KEY wide (b, id)",
                with(r -> r.approvesRenamed = true));
        assertThat(change.uniqueKeysAdded()).containsExactlyInAnyOrder(List.of("c"), List.of("b"));
    }

    @ServerTest
    void keyWhoseCollationChangesIsNotUsed(TestDatabase database) throws Exception {
        database.execute("CREATE TABLE t (a VARCHAR(9) COLLATE utf8mb4_bin PRIMARY KEY) DEFAULT CHARSET utf8mb4");
        refused(
                database,
                "MODIFY a VARCHAR(9) COLLATE utf8mb4_general_ci",
                Rules.DEFAULT,
                "tells rows apart in another way");
        TableChange change =
                created(database, "MODIFY a VARCHAR(90) COLLATE utf8mb4_bin", with(r -> r.dropsGhostFirst = true));
        assertThat(change.ghostKey().index()).isEqualTo("PRIMARY");
        assertThat(change.converts()).isTrue();
    }

    @ServerTest
    void renamedKeyColumnHasItsNameOnEachSide(TestDatabase database) throws Exception {
        database.execute("CREATE TABLE t (id INT PRIMARY KEY AUTO_INCREMENT)");
        TableChange change =
                created(database, "CHANGE id nr BIGINT AUTO_INCREMENT", with(r -> r.approvesRenamed = true));
        assertThat(change.sourceKey().columns().get(0).name()).isEqualTo("id");
        assertThat(change.ghostKey().columns().get(0).name()).isEqualTo("nr");
    }

    @ServerTest
    void autoIncrementIsKeptAndCarriedOver(TestDatabase database) throws Exception {
        database.execute("CREATE TABLE t (id INT PRIMARY KEY AUTO_INCREMENT, a INT) AUTO_INCREMENT = 1000");
        created(database, "ADD b INT", Rules.DEFAULT);
        assertThat(create(database, "_t_gho")).contains("AUTO_INCREMENT=1000");
        database.execute("ALTER TABLE t AUTO_INCREMENT = 5000");
        try (Connection connection = new Connections(database::connect).open()) {
            TableName ghost = new TableName(database.name(), "_t_gho");
            new NextNumber(
                            Server.of(connection).dialect(),
                            new TableName(database.name(), "t"),
                            ghost,
                            new CatalogReader(connection)
                                    .table(ghost)
                                    .orElseThrow()
                                    .columns())
                    .carry(connection);
        }
        assertThat(create(database, "_t_gho")).contains("AUTO_INCREMENT=5000");
        created(database, "ADD b INT, AUTO_INCREMENT = 7", with(r -> r.dropsGhostFirst = true));
        assertThat(create(database, "_t_gho")).contains("AUTO_INCREMENT=7");
    }

    @ServerTest
    void optionsPartitionsAndCommentsAreKept(TestDatabase database) throws Exception {
        database.execute("CREATE TABLE t (id INT PRIMARY KEY) ROW_FORMAT=COMPRESSED COMMENT='AUTO_INCREMENT=9'");
        created(database, "ADD b INT", Rules.DEFAULT);
        assertThat(create(database, "_t_gho")).contains("ROW_FORMAT=COMPRESSED", "COMMENT='AUTO_INCREMENT=9'");
        database.execute("DROP TABLE t", "CREATE TABLE t (id INT PRIMARY KEY) PARTITION BY HASH (id) PARTITIONS 3");
        created(database, "ADD b INT", with(r -> r.dropsGhostFirst = true));
        assertThat(create(database, "_t_gho")).contains("PARTITIONS 3");
    }

    private static long count(TestDatabase database, String table) throws SQLException {
        return database.queryLong("SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()"
                + " AND TABLE_NAME = '" + table + "'");
    }

    private static Rules with(java.util.function.Consumer<SomeRules> wishes) {
        return SomeRules.with(wishes);
    }
}

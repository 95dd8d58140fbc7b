package io.crossfade.migrator.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** Each reason to refuse, and that what is none does not refuse. */
class PreflightTest {
    private static final String TABLE =
            "CREATE TABLE t (id INT PRIMARY KEY, status VARCHAR(20), age_str VARCHAR(10) NOT NULL, other INT, KEY (other))";

    private static final String RENAME = "rename: {from: status, to: order_status}";

    private static final String RETYPE =
            "retype: {from: age_str, to: age, type: TINYINT, up: \"CAST(age_str AS SIGNED)\", down: \"CAST(age AS CHAR)\"}";

    @ServerTest
    void viewIsFoundAndOneOfOtherColumnsIsNot(TestDatabase database) throws SQLException {
        database.execute(TABLE, "CREATE VIEW fine AS SELECT id, other FROM t", "CREATE VIEW v AS SELECT status FROM t");
        refuses(database, RENAME, "view " + database.name() + ".v names status");
    }

    @ServerTest
    void triggerIsFound(TestDatabase database) throws SQLException {
        database.execute(TABLE, "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.status = 'x'");
        refuses(database, RENAME, "trigger tr");
    }

    @ServerTest
    void triggerOnOtherColumnsIsFine(TestDatabase database) throws SQLException {
        database.execute(TABLE, "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.other = LENGTH('status')");
        accepts(database, RENAME);
    }

    @ServerTest
    void routineIsFoundAndOneThatNamesOnlyTheTableIsNot(TestDatabase database) throws SQLException {
        database.execute(
                TABLE,
                "CREATE PROCEDURE fine() SELECT id, 'status' FROM t",
                "CREATE PROCEDURE bad() UPDATE t SET status = 'x'");
        refuses(database, RENAME, "procedure " + database.name() + ".bad");
    }

    @ServerTest
    void eventIsFound(TestDatabase database) throws SQLException {
        database.execute(TABLE, "CREATE EVENT e ON SCHEDULE EVERY 1 YEAR DO DELETE FROM t WHERE status = 'x'");
        refuses(database, RENAME, "event " + database.name() + ".e");
    }

    @ServerTest
    void foreignKeyIsFoundInBothDirections(TestDatabase database) throws SQLException {
        database.execute(
                "CREATE TABLE parent (code VARCHAR(20) PRIMARY KEY)",
                "CREATE TABLE t (id INT PRIMARY KEY, status VARCHAR(20), UNIQUE KEY (status), CONSTRAINT up_fk FOREIGN KEY"
                        + " (status) REFERENCES parent (code) ON UPDATE CASCADE)",
                "CREATE TABLE child (id INT PRIMARY KEY, s VARCHAR(20), CONSTRAINT down_fk FOREIGN KEY (s) REFERENCES t"
                        + " (status))");
        refuses(database, RENAME, "foreign key up_fk", "foreign key down_fk");
    }

    @ServerTest
    void generatedColumnIsFound(TestDatabase database) throws SQLException {
        database.execute(
                "CREATE TABLE t (id INT PRIMARY KEY, status VARCHAR(20), g VARCHAR(20) GENERATED ALWAYS AS (UPPER(status)))");
        refuses(database, RENAME, "generated column g");
    }

    @ServerTest(ServerKind.MARIADB_114)
    void checkConstraintIsFound(TestDatabase database) throws SQLException {
        database.execute("CREATE TABLE t (id INT PRIMARY KEY, status VARCHAR(20), CONSTRAINT ck CHECK (status <> ''))");
        refuses(database, RENAME, "CHECK constraint ck");
    }

    @ServerTest(ServerKind.MYSQL_80)
    void indexOfAnExpressionIsFound(TestDatabase database) throws SQLException {
        database.execute("CREATE TABLE t (id INT PRIMARY KEY, status VARCHAR(20), KEY f ((UPPER(status))))");
        refuses(database, RENAME, "index f is of an expression");
    }

    @ServerTest
    void fulltextIndexIsFound(TestDatabase database) throws SQLException {
        database.execute("CREATE TABLE t (id INT PRIMARY KEY, status VARCHAR(20), FULLTEXT KEY f (status))");
        refuses(database, RENAME, "index f is FULLTEXT");
    }

    @ServerTest
    void partOfThePrimaryKeyIsFound(TestDatabase database) throws SQLException {
        database.execute("CREATE TABLE t (id INT, status VARCHAR(20), PRIMARY KEY (id, status))");
        refuses(database, RENAME, "part of the primary key");
    }

    @ServerTest
    void missingPrimaryKeyIsFound(TestDatabase database) throws SQLException {
        database.execute("CREATE TABLE t (id INT, status VARCHAR(20))");
        refuses(database, RENAME, "no primary key");
    }

    @ServerTest
    void partitioningIsFound(TestDatabase database) throws SQLException {
        database.execute(
                "CREATE TABLE t (id INT, day INT, PRIMARY KEY (id, day)) PARTITION BY HASH (day) PARTITIONS 2");
        refuses(database, "rename: {from: day, to: on_day}", "partitioned by day");
    }

    @ServerTest
    void columnPrivilegeIsFound(TestDatabase database) throws SQLException {
        String user = "u_" + Integer.toHexString(database.name().hashCode());
        database.execute(
                TABLE,
                "CREATE USER " + user + " IDENTIFIED BY 'x'",
                "GRANT SELECT (status) ON " + database.name() + ".t TO " + user);
        try {
            refuses(database, RENAME, "on column status alone");
        } finally {
            database.execute("DROP USER " + user);
        }
    }

    @ServerTest
    void selfUpdatingColumnIsFound(TestDatabase database) throws SQLException {
        database.execute("CREATE TABLE t (id INT PRIMARY KEY, seen TIMESTAMP NULL ON UPDATE CURRENT_TIMESTAMP)");
        refuses(database, "rename: {from: seen, to: seen_at}", "ON UPDATE CURRENT_TIMESTAMP");
    }

    /** The hour that a zone repeats has two instants of one text, so that a walk by the texts would pass over rows. */
    @ServerTest
    void aKeyOfInstantsIsFoundWhereTheZoneRepeatsAnHour(TestDatabase database) throws SQLException {
        database.execute(
                "CREATE TABLE t (at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, n INT, status VARCHAR(20), PRIMARY KEY (at, n))",
                "REPLACE INTO mysql.time_zone VALUES (8872, 'N')",
                "REPLACE INTO mysql.time_zone_name VALUES ('Crossfade/Summer', 8872)",
                "REPLACE INTO mysql.time_zone_transition_type VALUES (8872, 0, 3600, 0, 'W'), (8872, 1, 7200, 1, 'S')",
                // 2024-03-31 01:00 and 2024-10-27 01:00 UTC
                "REPLACE INTO mysql.time_zone_transition VALUES (8872, 0, 0), (8872, 1711846800, 1), (8872, 1729990800, 0)");
        Trial trial = new Trial(database);
        for (boolean isPlan : new boolean[] {true, false}) {
            try (Migrator migrator = in("Crossfade/Summer", trial)) {
                if (isPlan) {
                    assertThat(migrator.plan(trial.change(RENAME), false).findings())
                            .anyMatch(f -> f.isFatal() && f.seen().contains("Crossfade/Summer"));
                } else {
                    assertThatThrownBy(() -> migrator.start(trial.change(RENAME)))
                            .hasMessageContainingAll("TIMESTAMP column at", "Crossfade/Summer", "+00:00");
                }
            }
        }
        try (Migrator migrator = in("+05:30", trial)) {
            migrator.start(trial.change(RENAME));
        }
    }

    private static Migrator in(String zone, Trial trial) throws SQLException {
        return Migrator.open(
                () -> {
                    Connection connection = trial.database.connect();
                    try (Statement s = connection.createStatement()) {
                        s.execute("SET time_zone = '" + zone + "'");
                    }
                    return connection;
                },
                trial.settings,
                table -> trial.throttles,
                trial.cancel,
                trial.listener,
                "test");
    }

    @ServerTest
    void otherEngineIsFound(TestDatabase database) throws SQLException {
        database.execute("CREATE TABLE t (id INT PRIMARY KEY, status VARCHAR(20)) ENGINE=MyISAM");
        refuses(database, RENAME, "is myisam");
    }

    @ServerTest
    void privilegesOfTheOwnUserAreLookedAt(TestDatabase database) throws SQLException {
        String user = "w_" + Integer.toHexString(database.name().hashCode());
        database.execute(
                TABLE,
                "CREATE USER " + user + " IDENTIFIED BY 'x'",
                "GRANT SELECT, INSERT, UPDATE, CREATE ON " + database.name() + ".* TO " + user);
        Trial trial = new Trial(database);
        try (Migrator migrator = Migrator.open(
                () -> java.sql.DriverManager.getConnection(database.jdbcUrl(), user, "x"),
                trial.settings,
                table -> trial.throttles,
                trial.cancel,
                trial.listener,
                "test")) {
            assertThatThrownBy(() -> migrator.start(trial.change(RENAME)))
                    .hasMessageContaining("lacks ALTER, DROP, INDEX")
                    .hasMessageContaining("lacks PROCESS");
        } finally {
            database.execute("DROP USER " + user);
        }
    }

    @ServerTest
    void rowsThatBreakNotNullAndUniqueAreCountedByKey(TestDatabase database) throws SQLException {
        database.execute(
                TABLE.replace("KEY (other)", "UNIQUE KEY ages (age_str)"),
                "INSERT INTO t VALUES (1, 'secret', '7', 1), (2, '', 'old', 1), (3, '', '8', 1), (4, '', '4711', 1)");
        MigrationException refusal = refuses(database, RETYPE, "2 rows have a value that up", "id=2; id=4");
        assertThat(refusal).hasMessageNotContaining("secret").hasMessageNotContaining("4711");
        database.execute("UPDATE t SET age_str = '07' WHERE id = 2", "UPDATE t SET age_str = '9' WHERE id = 4");
        refuses(database, RETYPE, "2 rows share 1 new values", "unique index ages", "id=1");
        assertThat(database.query("SHOW TABLES")).hasSize(1);
        assertThat(database.queryLong(
                        "SELECT COUNT(*) FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE()"))
                .isEqualTo(4);
    }

    @ServerTest
    void valuesThatDoNotFitAndBrokenFactsAreFound(TestDatabase database) throws SQLException {
        database.execute(TABLE, "INSERT INTO t VALUES (1, 'ok', '7', 1), (2, 'much too long', '007', 1)");
        refuses(
                database,
                "retype: {from: status, to: code, type: VARCHAR(5), up: \"UPPER(status)\", down: \"LOWER(code)\"}",
                "1 rows have a new value that",
                "id=2");
        refuses(
                database,
                RETYPE.replace("down:", "facts: [lossless, injective], down:"),
                "stated to be lossless",
                "stated to be injective");
    }

    @ServerTest
    void whatDoesNotFitTheCatalogIsRefused(TestDatabase database) throws SQLException {
        database.execute(TABLE);
        refuses(database, "rename: {from: nothing, to: x}", "no column \"nothing\"");
        refuses(database, "rename: {from: status, to: other}", "column \"other\" is there already");
        refuses(database, "derive: {to: d, type: INT, up: \"RAND()\"}", "not deterministic");
        refuses(database, "derive: {to: d, type: INT, up: \"othr + 1\"}", "names \"othr\"");
        refuses(database, "derive: {to: d, type: INT, up: \"NO_SUCH(other)\"}", "up of \"d\"");
        refuses(database, "derive: {to: d, type: INT, up: \"other || 'x'\"}", "sql_mode");
        refuses(database, "derive: {to: d, type: INT, up: \"CONCAT(other, '\\\\n')\"}", "sql_mode");
        refuses(database, "derive: {to: d, type: NUMBRE, up: \"other\"}", "type of \"d\"");
        refuses(database, "derive: {to: d, type: INT NOT NULL, up: \"other\"}", "says more than a type");
        refuses(database, "derive: {to: d, type: INT, up: \"other +\"}", "does not parse");
    }

    @ServerTest
    void planTellsAndChangesNothing(TestDatabase database) throws SQLException {
        database.execute(TABLE, "INSERT INTO t VALUES (1, 'a', '7', 1), (2, 'b', '007', 1)");
        Trial trial = new Trial(database);
        Plan plan = trial.with(m -> m.plan(trial.change(RETYPE), true));
        assertThat(plan.isRefused()).isFalse();
        assertThat(plan.steps().get(0).algorithm()).isEqualTo("INSTANT");
        assertThat(plan.lossy()).containsExactly(new Plan.Example("id=2 age_str", "'007'", "'7'"));
        assertThat(trial.with(m -> m.plan(trial.change(RETYPE), false))
                        .lossy()
                        .get(0)
                        .now())
                .isEmpty();
        assertThat(database.query("SHOW TABLES")).hasSize(1);
    }

    private static MigrationException refuses(TestDatabase database, String mapping, String... reasons)
            throws SQLException {
        Trial trial = new Trial(database);
        try {
            trial.with(m -> m.start(trial.change(mapping)));
        } catch (MigrationException e) {
            assertThat(e.kind()).isEqualTo(MigrationException.Kind.REFUSED);
            assertThat(e).hasMessageContainingAll(reasons);
            assertThat(database.query("SHOW TABLES LIKE 'crossfade%'")).isEmpty();
            return e;
        }
        throw new AssertionError("not refused: " + mapping);
    }

    private static void accepts(TestDatabase database, String mapping) throws SQLException {
        Trial trial = new Trial(database);
        trial.with(m -> m.start(trial.change(mapping)));
    }
}

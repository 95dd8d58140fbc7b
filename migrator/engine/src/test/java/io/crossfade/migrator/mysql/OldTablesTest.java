package io.crossfade.migrator.mysql;

import static io.crossfade.testkit.ServerKind.MARIADB_114;
import static io.crossfade.testkit.ServerKind.MYSQL_80;
import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.migrator.alter.WatchedSource;
import io.crossfade.migrator.signal.Cancel;
import io.crossfade.migrator.signal.Progress;
import io.crossfade.model.TableName;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tables that go in pieces. */
final class OldTablesTest {

    private static final Pattern LOCKED = Pattern.compile("(\\d+) row lock\\(s\\)");

    private final List<Progress> progress = new ArrayList<>();
    private final List<String> pieces = new ArrayList<>();

    /** Rows that a piece came by: those that it took, and those that lie there although they are gone. */
    private final List<Long> walked = new ArrayList<>();

    private void drop(TestDatabase database, OldTables.Breath breath, String... tables) throws Exception {
        WatchedSource source = new WatchedSource(database::connect, new WatchedSource.Watch() {
            @Override
            public void before(Connection session, String sql) throws SQLException {
                if (sql.startsWith("DELETE")) {
                    session.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
                    session.setAutoCommit(false);
                }
            }

            @Override
            public void after(Connection session, String sql) throws SQLException {
                if (sql.startsWith("DELETE")) {
                    pieces.add(sql);
                    walked.add(locked(session));
                    session.commit();
                    session.setAutoCommit(true);
                }
            }
        });
        TableName[] names = new TableName[tables.length];
        for (int i = 0; i < tables.length; i++) {
            names[i] = new TableName(database.name(), tables[i]);
        }
        try (Connection connection = new Connections(source).open()) {
            new OldTables(connection, breath, new Cancel(), progress::add, 0).dropInPieces(names);
        }
    }

    /** What the engine has locked for the transaction that is open on a session, rows that are gone too. */
    private static long locked(Connection session) throws SQLException {
        try (Statement s = session.createStatement()) {
            String id;
            try (ResultSet r = s.executeQuery("SELECT CONNECTION_ID()")) {
                r.next();
                id = r.getString(1);
            }
            try (ResultSet r = s.executeQuery("SHOW ENGINE INNODB STATUS")) {
                r.next();
                for (String transaction : r.getString("Status").split("---TRANSACTION", -1)) {
                    Matcher rows = LOCKED.matcher(transaction);
                    if (transaction.contains("thread id " + id + ",") && rows.find()) {
                        return Long.parseLong(rows.group(1));
                    }
                }
                return 0;
            }
        }
    }

    private static void fill(TestDatabase database, String columns) throws SQLException {
        database.execute(
                "CREATE TABLE t (" + columns + ")",
                "INSERT INTO t (id, a) WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 1000)"
                        + " SELECT n, n FROM n",
                "INSERT INTO t (id, a) SELECT id + 1000, a FROM t",
                "INSERT INTO t (id, a) SELECT id + 2000, a FROM t");
    }

    private static long tables(TestDatabase database) throws SQLException {
        return database.queryLong("SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()"
                + " AND TABLE_NAME = 't'");
    }

    @ServerTest({MYSQL_80, MARIADB_114})
    void hugeTableIsDroppedInPieces(TestDatabase database) throws Exception {
        fill(database, "id INT PRIMARY KEY, a INT");
        database.execute(
                "CREATE TABLE seen (n INT)",
                "CREATE TRIGGER tr AFTER DELETE ON t FOR EACH ROW INSERT INTO seen VALUES (1)");
        List<String> breaths = new ArrayList<>();
        drop(database, () -> breaths.add("breath"), "t", "gone");
        assertThat(breaths).hasSizeGreaterThan(1);
        assertThat(tables(database)).isZero();
        assertThat(database.queryLong("SELECT COUNT(*) FROM seen")).isZero();
    }

    /** A backup that is open keeps the server from clearing away what is deleted. */
    @ServerTest({MYSQL_80, MARIADB_114})
    void noPieceGoesOverWhatTheOnesBeforeTook(TestDatabase database) throws Exception {
        for (String columns : List.of(
                "id INT PRIMARY KEY, a INT",
                "id INT, a INT, PRIMARY KEY (a, id)",
                "id INT NOT NULL, a VARCHAR(9), UNIQUE KEY u (id)")) {
            fill(database, columns);
            walked.clear();
            try (Connection backup = database.connect();
                    Statement s = backup.createStatement()) {
                s.execute("START TRANSACTION WITH CONSISTENT SNAPSHOT");
                drop(database, () -> {}, "t");
            }
            assertThat(tables(database)).isZero();
            assertThat(walked).hasSizeGreaterThan(3);
            // The rows, and at most two beside them for each piece, whose ends are looked at; not the rows once more
            // for each piece.
            assertThat(walked.stream().mapToLong(n -> n).sum())
                    .as("%s %s %s", columns, pieces, walked)
                    .isBetween(4000L, 2 * 4000L + 10L * walked.size());
        }
    }

    @ServerTest({MYSQL_80, MARIADB_114})
    void oneWithoutAKeyThatCanBeCutGoesFromItsBeginning(TestDatabase database) throws Exception {
        fill(database, "id FLOAT PRIMARY KEY, a INT");
        drop(database, () -> {}, "t");
        assertThat(tables(database)).isZero();
        fill(database, "id INT, a INT, UNIQUE KEY (id)");
        drop(database, () -> {}, "t");
        assertThat(tables(database)).isZero();
    }
}

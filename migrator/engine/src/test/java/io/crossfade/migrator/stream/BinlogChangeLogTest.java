package io.crossfade.migrator.stream;

import static io.crossfade.testkit.ServerKind.MARIADB_114;
import static io.crossfade.testkit.ServerKind.MYSQL_57;
import static io.crossfade.testkit.ServerKind.MYSQL_80;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.migrator.row.Row;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

class BinlogChangeLogTest {
    private static final Duration BOUND = Duration.ofSeconds(30);

    @ServerTest({MYSQL_80, MYSQL_57, MARIADB_114})
    void rowsComeWithTheirImages(TestDatabase database) throws Exception {
        database.execute(
                "CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(20))", "CREATE TABLE other (id INT PRIMARY KEY)");
        try (Reading reading = Reading.of(database, "t")) {
            database.execute(
                    "INSERT INTO t VALUES (1, 'a'), (2, NULL)",
                    "INSERT INTO other VALUES (1)",
                    "UPDATE t SET id = 3 WHERE id = 1",
                    "DELETE FROM t WHERE id = 2");
            List<LogEvent.Changed> changes = Reading.changes(reading.events());
            assertThat(changes).hasSize(4);
            assertThat(changes.get(0).before()).isNull();
            assertThat(value(changes.get(0).after(), 1)).isEqualTo(new byte[] {'a'});
            assertThat(value(changes.get(1).after(), 1)).isNull();
            assertThat(id(changes.get(2).before())).isEqualTo(1);
            assertThat(id(changes.get(2).after())).isEqualTo(3);
            assertThat(id(changes.get(3).before())).isEqualTo(2);
            assertThat(changes.get(3).after()).isNull();
        }
    }

    @ServerTest({MYSQL_80, MYSQL_57, MARIADB_114})
    void aCutConnectionLosesNothingAndSaysSo(TestDatabase database) throws Exception {
        database.execute("CREATE TABLE t (id INT PRIMARY KEY AUTO_INCREMENT, v VARCHAR(2000))");
        LogPosition start = Reading.position(database);
        database.execute("INSERT INTO t (v) VALUES (REPEAT('x', 2000))");
        for (int i = 0; i < 14; i++) {
            database.execute("INSERT INTO t (v) SELECT v FROM t");
        }
        // The queue is small and the last transaction larger than what the sockets hold, so it is cut in its middle.
        try (Reading reading = Reading.from(database, start, 10, "t")) {
            List<LogEvent> events = new ArrayList<>();
            while (Reading.changes(events).size() < 4096) {
                events.add(next(reading.log()));
            }
            for (int i = 0; i < 100; i++) {
                events.add(next(reading.log()));
            }
            kill(database);
            events.addAll(reading.events());
            assertThat(events.stream().anyMatch(LogEvent.Rewound.class::isInstance))
                    .isTrue();
            List<LogEvent.Changed> changes = Reading.changes(events);
            assertThat(changes.size()).isEqualTo(1 << 14);
            assertThat(changes.stream().map(c -> id(c.after())).distinct().count())
                    .isEqualTo(1 << 14);
        }
    }

    @ServerTest({MYSQL_80, MYSQL_57, MARIADB_114})
    void everyReportedPositionIsAPlaceToBeginAt(TestDatabase database) throws Exception {
        database.execute("CREATE TABLE t (id INT PRIMARY KEY, v INT)", "CREATE TABLE other (id INT PRIMARY KEY)");
        LogPosition start = Reading.position(database);
        for (int i = 0; i < 5; i++) {
            database.execute("INSERT INTO t VALUES (" + i + ", 0)", "INSERT INTO other VALUES (" + i + ")");
        }
        database.execute("FLUSH BINARY LOGS", "INSERT INTO t VALUES (5, 0)");
        List<LogPosition> positions = new ArrayList<>(List.of(start));
        try (Reading reading = Reading.from(database, start, 100, "t")) {
            for (LogEvent event : reading.events()) {
                if (event instanceof LogEvent.Committed committed) {
                    positions.add(committed.position());
                    assertThat(committed.serverMillis()).isPositive();
                }
            }
        }
        assertThat(positions.size()).isGreaterThanOrEqualTo(7);
        int last = Integer.MAX_VALUE;
        for (LogPosition position : positions) {
            int byGtids = rowsFrom(database, position);
            int byOffset = rowsFrom(database, new LogPosition(position.file(), position.offset(), ""));
            assertThat(byGtids).isEqualTo(byOffset).isLessThanOrEqualTo(last);
            last = byGtids;
        }
        assertThat(rowsFrom(database, start)).isEqualTo(6);
        assertThat(last).isZero();
    }

    @ServerTest({MYSQL_80, MYSQL_57, MARIADB_114})
    void anXaTransactionsRowsComeWithItsCommit(TestDatabase database) throws Exception {
        database.execute("CREATE TABLE t (id INT PRIMARY KEY)");
        LogPosition start = Reading.position(database);
        try (Reading reading = Reading.of(database, "t");
                Connection one = database.connect();
                Statement s = one.createStatement()) {
            String kept = "'" + database.name() + "','b'";
            s.execute("XA START " + kept);
            s.execute("INSERT INTO t VALUES (1)");
            s.execute("XA END " + kept);
            s.execute("XA PREPARE " + kept);
            one.close();
            database.execute("INSERT INTO t VALUES (2)");
            LogEvent event = next(reading.log());
            while (!(event instanceof LogEvent.Changed)) {
                event = next(reading.log());
            }
            assertThat(id(((LogEvent.Changed) event).after())).isEqualTo(2);
            assertThat(next(reading.log()))
                    .isInstanceOfSatisfying(LogEvent.Committed.class, c -> assertThat(start.reaches(c.position()))
                            .isTrue());
            database.execute("XA COMMIT " + kept);
            database.execute(
                    "XA START 'dropped'",
                    "INSERT INTO t VALUES (3)",
                    "XA END 'dropped'",
                    "XA PREPARE 'dropped'",
                    "XA ROLLBACK 'dropped'");
            database.execute(
                    "XA START 'short'", "INSERT INTO t VALUES (4)", "XA END 'short'", "XA COMMIT 'short' ONE PHASE");
            assertThat(Reading.changes(reading.events()).stream().map(c -> id(c.after())))
                    .containsExactly(1, 4);
        }
    }

    @ServerTest({MYSQL_80, MYSQL_57, MARIADB_114})
    void statementsThatChangeTheTableAreTold(TestDatabase database) throws Exception {
        database.execute("CREATE TABLE t (id INT PRIMARY KEY)", "CREATE TABLE other (id INT PRIMARY KEY)");
        try (Reading reading = Reading.of(database, "t")) {
            database.execute(
                    "ALTER TABLE other ADD COLUMN t INT",
                    "TRUNCATE TABLE t",
                    "RENAME TABLE t TO u",
                    "INSERT INTO u VALUES (7)",
                    "RENAME TABLE `u` TO `t`");
            List<LogEvent> events = reading.events();
            List<String> statements = events.stream()
                    .filter(LogEvent.Statement.class::isInstance)
                    .map(e -> ((LogEvent.Statement) e).sql())
                    .filter(sql -> !sql.contains("other"))
                    .toList();
            assertThat(statements).hasSize(3);
            assertThat(statements.get(0)).startsWith("TRUNCATE");
            assertThat(Reading.changes(events)).isEmpty();
        }
    }

    /** MySQL with GTIDs refuses such a transaction. */
    @ServerTest(MARIADB_114)
    void rowsThatASavepointTookBackAreLeftOut(TestDatabase database) throws Exception {
        database.execute("CREATE TABLE t (id INT PRIMARY KEY)", "CREATE TABLE m (id INT) ENGINE=MyISAM");
        try (Reading reading = Reading.of(database, "t")) {
            database.execute(
                    "SET autocommit = 0",
                    "INSERT INTO t VALUES (1)",
                    "SAVEPOINT s",
                    "INSERT INTO t VALUES (2)",
                    "INSERT INTO m VALUES (1)",
                    "ROLLBACK TO s",
                    "INSERT INTO t VALUES (3)",
                    "COMMIT");
            assertThat(Reading.changes(reading.events()).stream().map(c -> id(c.after())))
                    .containsExactly(1, 3);
        }
    }

    @ServerTest({MYSQL_80, MYSQL_57, MARIADB_114})
    void aPartialImageEndsTheReading(TestDatabase database) throws Exception {
        database.execute("CREATE TABLE t (id INT PRIMARY KEY, a INT, b INT)", "INSERT INTO t VALUES (1, 1, 1)");
        try (Reading reading = Reading.of(database, "t")) {
            database.execute("SET SESSION binlog_row_image = MINIMAL", "UPDATE t SET a = 2");
            assertThatThrownBy(reading::events)
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining("binlog_row_image");
        }
    }

    @ServerTest({MYSQL_80, MYSQL_57, MARIADB_114})
    void aStatementInsteadOfRowsEndsTheReading(TestDatabase database) throws Exception {
        database.execute("CREATE TABLE t (id INT PRIMARY KEY)");
        try (Reading reading = Reading.of(database, "t")) {
            database.execute("SET SESSION binlog_format = STATEMENT", "INSERT INTO t VALUES (1)");
            assertThatThrownBy(reading::events)
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining("binlog_format");
        }
    }

    @ServerTest({MYSQL_80, MYSQL_57, MARIADB_114})
    void aLogThatIsGoneIsSaid(TestDatabase database) throws Exception {
        database.execute("CREATE TABLE t (id INT PRIMARY KEY)");
        assertThatThrownBy(() -> {
                    try (Reading reading = Reading.from(database, new LogPosition("binlog.999999", 4, ""), 10, "t")) {
                        reading.events();
                    }
                })
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("binlog.999999");
    }

    @ServerTest({MYSQL_80, MYSQL_57, MARIADB_114})
    void aFullQueueHoldsTheServerBack(TestDatabase database) throws Exception {
        database.execute("CREATE TABLE t (id INT PRIMARY KEY AUTO_INCREMENT)");
        try (Reading reading = Reading.from(database, Reading.position(database), 5, "t")) {
            for (int i = 0; i < 50; i++) {
                database.execute("INSERT INTO t () VALUES ()");
                assertThat(reading.log().backlog())
                        .isLessThanOrEqualTo(reading.log().backlogMax());
            }
            assertThat(Reading.changes(reading.events())).hasSize(50);
        }
    }

    private static int rowsFrom(TestDatabase database, LogPosition from) throws Exception {
        // Asked by GTIDs, the place is only known from a first transaction on.
        database.execute("INSERT INTO other SELECT MAX(id) + 1 FROM other");
        try (Reading reading = Reading.from(database, from, 100, "t")) {
            return Reading.changes(reading.events()).size();
        }
    }

    private static void kill(TestDatabase database) throws Exception {
        for (List<@Nullable Object> row :
                database.query("SELECT ID FROM information_schema.PROCESSLIST WHERE COMMAND LIKE 'Binlog Dump%'")) {
            database.execute("KILL " + row.get(0));
        }
    }

    private static LogEvent next(BinlogChangeLog log) {
        LogEvent event = log.next(BOUND);
        assertThat(event).isNotNull();
        return event;
    }

    private static int id(@Nullable Row row) {
        return ((Long) value(row, 0)).intValue();
    }

    private static Object value(@Nullable Row row, int column) {
        assertThat(row).isNotNull();
        return row.value(column);
    }
}

package io.crossfade.migrator.revert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.dialect.MySqlDialect;
import io.crossfade.migrator.chunk.Key;
import io.crossfade.migrator.chunk.KeyColumn;
import io.crossfade.migrator.ghost.ColumnPair;
import io.crossfade.migrator.ghost.TableChange;
import io.crossfade.migrator.mysql.Connections;
import io.crossfade.migrator.row.Row;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.stream.LogEvent;
import io.crossfade.migrator.stream.LogPosition;
import io.crossfade.model.Column;
import io.crossfade.model.Table;
import io.crossfade.model.TableName;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import io.crossfade.testkit.TestServer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The old table: id, name VARCHAR(20), gone (kept), n INT UNIQUE. The new one: n BIGINT, id, title VARCHAR(20), added. */
class ReplayTest {

    private static final String COLLATION = "utf8mb4_bin";

    private static final int RUNS = Integer.getInteger("crossfade.test.runs", 3);

    @ServerTest
    void oldTableGetsWhatWasWrittenAndKeepsWhatTheNewOneHasNot(TestDatabase database) throws SQLException {
        TableChange change = change(database);
        try (Connection connection = new Connections(database::connect).openManual()) {
            Replay replay = Replay.on(connection, dialect(database), change, parked(database), ReplayTest::save);
            database.execute("INSERT INTO _t_del VALUES (1, 'a', 'kept', 1), (2, 'b', 'kept', 2)");
            replay.on(changed(change, row(1, 1, "a"), row(11, 1, "changed")));
            replay.on(changed(change, row(2, 2, "b"), row(12, 5, "key moved")));
            replay.on(changed(change, null, row(13, 0, "zero")));
            replay.on(changed(change, row(14, 7, "x"), row(14, 7, "was not there")));
            replay.on(new LogEvent.Committed(new LogPosition("binlog.000001", 100, ""), 0));
            replay.on(changed(change, row(14, 7, "was not there"), null));
            replay.on(new LogEvent.Rewound("lost"));
            replay.on(changed(change, null, row(13, 0, "twice")));
            replay.on(new LogEvent.Committed(new LogPosition("binlog.000001", 200, ""), 0));
            replay.commit();
            assertThat(database.query("SELECT CONCAT_WS('|', id, name, gone, n) FROM _t_del ORDER BY id"))
                    .extracting(r -> r.get(0))
                    .containsExactly(
                            "0|twice|d|13", "1|changed|kept|11", "5|key moved|kept|12", "7|was not there|d|14");
            assertThat(database.queryLong("SELECT MAX(offset_bytes) FROM position"))
                    .isEqualTo(200);
        }
    }

    @ServerTest
    void rowsThatTheOldTableCannotTakeAreToldByTheirKeyAndPlace(TestDatabase database) throws SQLException {
        TableChange change = change(database);
        try (Connection connection = new Connections(database::connect).openManual()) {
            Replay replay = Replay.on(connection, dialect(database), change, parked(database), ReplayTest::save);
            database.execute("INSERT INTO _t_del VALUES (1, 'a', 'kept', 4711), (2, 'b', 'kept', 2)");
            carry(replay, changed(change, row(2, 2, "b"), row(4711, 2, "secret")));
            carry(replay, changed(change, null, row(4_711_471_147L, 3, "secret")));
            carry(replay, changed(change, null, row(5, 4, "secret-" + "x".repeat(13))));
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 100; i++) {
                            assertThat(replay.settle(System.nanoTime())).isFalse();
                            replay.check();
                        }
                    })
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContainingAll(
                            "cannot take 2 rows of",
                            "id=2: a value is there twice in key",
                            "n_unique\"",
                            "id=3: a value does not fit in column \"n\" (error 1264)",
                            "run the same command again",
                            "--initially-drop-old-table")
                    .hasMessageNotContainingAny("4711", "secret")
                    .hasNoCause();
            assertThat(database.query("SELECT CONCAT_WS('|', id, gone, n) FROM _t_del ORDER BY id"))
                    .extracting(r -> r.get(0))
                    .containsExactly("1|kept|4711", "4|d|5");
        }
    }

    /** Values that do not fit, or that two rows have, come and go; the carrier is ended and begins again where it had saved. */
    @ServerTest
    void whatTheOldTableCannotTakeComesInWhenItCan(TestDatabase database) throws SQLException {
        long seed = Long.getLong("crossfade.test.seed", System.nanoTime());
        System.out.println("parking seeds from " + seed);
        for (long each = seed; each < seed + RUNS; each++) {
            database.execute("DROP TABLE IF EXISTS _t_del, _t_ghp, t, position");
            TableChange change = change(database);
            ParkedTrial trial = new ParkedTrial(
                    change,
                    database,
                    (connection, saver) -> Replay.on(connection, dialect(database), change, parked(database), saver));
            trial.run(new SplittableRandom(each), "seed " + each);
        }
    }

    @ServerTest
    void verdictTellsWhyNot(TestDatabase database) throws SQLException {
        TableChange change = change(database);
        try (Connection connection = database.connect()) {
            LogPosition now = LogPosition.current(connection);
            assertThat(Revertibility.of(connection, change, now).reasons()).isEmpty();
            assertThat(Revertibility.of(connection, change, new LogPosition("binlog.000000", 4, ""))
                            .reasons())
                    .singleElement()
                    .asString()
                    .contains("purged");
            database.execute("DROP TABLE _t_del");
            assertThat(Revertibility.of(connection, change, now).reasons())
                    .singleElement()
                    .asString()
                    .contains("no table", "_t_del");
        }
    }

    /** Any order of inserts, changes, deletes, key moves, unique values that change hands, rows that the old table lacks or has already. */
    @ServerTest
    void rowsThatAreSentTogetherAreWhatTheyAreOneByOne(TestDatabase database) throws SQLException {
        long seed = Long.getLong("crossfade.test.seed", System.nanoTime());
        System.out.println("replay seeds from " + seed);
        for (long each = seed; each < seed + RUNS; each++) {
            together(database, each);
        }
    }

    private static void together(TestDatabase database, long seed) throws SQLException {
        for (boolean isTogether : List.of(true, false)) {
            SplittableRandom random = new SplittableRandom(seed);
            database.execute("DROP TABLE IF EXISTS _t_del, _t_ghp, t, position");
            TableChange change = change(database);
            String url = database.server().jdbcUrl(database.name()) + "&rewriteBatchedStatements=" + isTogether;
            TestServer server = database.server();
            Connections connections =
                    new Connections(() -> DriverManager.getConnection(url, server.user(), server.password()));
            try (Connection connection = connections.openManual();
                    Connection somebody = database.connect();
                    Statement meddling = somebody.createStatement()) {
                Replay replay = Replay.on(connection, dialect(database), change, parked(database), ReplayTest::save);
                TreeMap<Long, Row> rows = new TreeMap<>();
                for (int transaction = 1; transaction <= 40; transaction++) {
                    for (int i = random.nextInt(12); i > 0; i--) {
                        changeAtRandom(random, change, rows, replay);
                    }
                    replay.on(new LogEvent.Committed(new LogPosition("binlog.000001", transaction, ""), 0));
                    if (random.nextInt(8) == 0) {
                        replay.on(changed(change, null, row(1_000_000, 1_000_000, "torn")));
                        replay.on(new LogEvent.Rewound("lost"));
                    }
                    if (random.nextInt(5) == 0) {
                        replay.commit();
                        meddling.executeUpdate("DELETE FROM _t_del WHERE id = " + random.nextInt(12));
                    }
                }
                for (Row row : rows.values()) {
                    replay.on(changed(change, row, row));
                }
                replay.on(new LogEvent.Committed(new LogPosition("binlog.000001", 1_000, ""), 0));
                replay.commit();
                assertThat(database.query("SELECT CONCAT_WS('|', id, name, n) FROM _t_del ORDER BY id"))
                        .as("seed " + seed + ", together: " + isTogether)
                        .extracting(r -> r.get(0))
                        .containsExactlyElementsOf(
                                rows.values().stream().map(ReplayTest::shown).toList());
                assertThat(database.queryLong("SELECT MAX(offset_bytes) FROM position"))
                        .isEqualTo(1_000);
            }
        }
    }

    /** One or more events that take the rows of the new table from one right state to the next. */
    private static void changeAtRandom(
            SplittableRandom random, TableChange change, TreeMap<Long, Row> rows, Replay replay) throws SQLException {
        long id = random.nextInt(12);
        Row before = rows.get(id);
        String title = "t" + random.nextInt(1_000);
        int what = random.nextInt(10);
        if (before == null) {
            Row after = row(free(random, rows), id, title);
            replay.on(changed(change, null, after));
            rows.put(id, after);
        } else if (what < 2) {
            replay.on(changed(change, before, null));
            rows.remove(id);
        } else if (what < 4) {
            long other = random.nextInt(12);
            Row after = row(number(before), other, title);
            if (!rows.containsKey(other)) {
                replay.on(changed(change, before, after));
                rows.remove(id);
                rows.put(other, after);
            }
        } else if (what < 6 && rows.higherEntry(id) != null) {
            Row other = rows.higherEntry(id).getValue();
            long between = free(random, rows);
            replay.on(changed(change, other, row(between, key(other), "between")));
            Row mine = row(number(other), id, title);
            replay.on(changed(change, before, mine));
            Row others = row(number(before), key(other), title);
            replay.on(changed(change, row(between, key(other), "between"), others));
            rows.put(id, mine);
            rows.put(key(other), others);
        } else {
            Row after = row(what < 8 ? number(before) : free(random, rows), id, title);
            replay.on(changed(change, before, after));
            rows.put(id, after);
        }
    }

    private static long free(SplittableRandom random, TreeMap<Long, Row> rows) {
        long number = random.nextInt(1_000);
        return rows.values().stream().anyMatch(r -> number(r) == number) ? free(random, rows) : number;
    }

    private static long number(Row row) {
        return (Long) Objects.requireNonNull(row.value(0));
    }

    private static long key(Row row) {
        return (Long) Objects.requireNonNull(row.value(1));
    }

    private static Object shown(Row row) {
        return key(row) + "|" + new String((byte[]) Objects.requireNonNull(row.value(2)), StandardCharsets.UTF_8) + "|"
                + number(row);
    }

    private static void carry(Replay replay, LogEvent event) throws SQLException {
        replay.on(event);
        replay.on(new LogEvent.Committed(new LogPosition("binlog.000001", 100, ""), 0));
        replay.commit();
    }

    private static TableChange change(TestDatabase database) throws SQLException {
        database.execute(
                "CREATE TABLE _t_del (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(20) COLLATE " + COLLATION
                        + ", gone VARCHAR(9) DEFAULT 'd', n INT, UNIQUE n_unique (n))",
                "CREATE TABLE t (n BIGINT, id INT PRIMARY KEY, title VARCHAR(20) COLLATE " + COLLATION + ", added INT)",
                "CREATE TABLE position (offset_bytes BIGINT)");
        String integer = type(database, "_t_del", "id");
        String bigint = type(database, "t", "n");
        Column oldId = Column.plain("id", integer);
        Column newId = Column.plain("id", integer);
        Column oldN = Column.plain("n", integer);
        Column newN = Column.plain("n", bigint);
        Column oldName = text("name");
        Column newTitle = text("title");
        TableName t = new TableName(database.name(), "t");
        Table source = new Table(t, List.of(oldId, oldName, Column.plain("gone", "varchar(9)"), oldN));
        Table ghost = new Table(
                new TableName(database.name(), "_t_gho"),
                List.of(newN, newId, newTitle, Column.plain("added", integer)));
        List<KeyColumn> key = List.of(KeyColumn.of(oldId));
        MySqlDialect dialect = dialect(database);
        TableChange change = new TableChange(
                source,
                ghost,
                new TableName(database.name(), "_t_del"),
                List.of(
                        ColumnPair.of(oldId, 0, newId),
                        ColumnPair.of(oldName, 1, newTitle),
                        ColumnPair.of(oldN, 3, newN)),
                new Key(dialect, t, "PRIMARY", key),
                new Key(dialect, ghost.name(), "PRIMARY", key),
                List.of());
        try (Connection connection = database.connect()) {
            Parked.create(connection, dialect, change, parked(database), true);
        }
        return change;
    }

    private static TableName parked(TestDatabase database) {
        return new TableName(database.name(), "_t_ghp");
    }

    private static Column text(String name) {
        return new Column(name, "varchar(20)", true, null, "utf8mb4", COLLATION, false, false, false, false, "");
    }

    private static String type(TestDatabase database, String table, String column) throws SQLException {
        return String.valueOf(database.query("SELECT COLUMN_TYPE FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = '"
                        + database.name() + "' AND TABLE_NAME = '" + table + "' AND COLUMN_NAME = '" + column + "'")
                .get(0)
                .get(0));
    }

    private static MySqlDialect dialect(TestDatabase database) throws SQLException {
        return MySqlDialect.of(
                String.valueOf(database.query("SELECT VERSION()").get(0).get(0)));
    }

    static Row row(long n, long id, String title) {
        return new Row(new @Nullable Object[] {n, id, title.getBytes(StandardCharsets.UTF_8), null});
    }

    static LogEvent changed(TableChange change, @Nullable Row before, @Nullable Row after) {
        return new LogEvent.Changed(change.source().name(), before, after);
    }

    private static void save(Connection connection, LogPosition position) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement("INSERT INTO position VALUES (?)")) {
            s.setLong(1, position.offset());
            s.execute();
        }
    }
}

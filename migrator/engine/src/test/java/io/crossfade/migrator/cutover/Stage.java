package io.crossfade.migrator.cutover;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.migrator.mysql.Connections;
import io.crossfade.migrator.mysql.Server;
import io.crossfade.migrator.signal.Progress;
import io.crossfade.model.TableName;
import io.crossfade.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Tables with ghosts, and a drain that copies what the log says. One test's. */
final class Stage implements AutoCloseable {
    static final Duration BOUND = Duration.ofMillis(1500);

    final TestDatabase database;
    final List<Progress> seen = Collections.synchronizedList(new ArrayList<>());
    final List<Swap> swaps = new ArrayList<>();
    final List<String> tables = new ArrayList<>();
    private final LateRows late;
    String title = "";
    private int generation = 1;
    Limits limits = new Limits(BOUND, 5, Duration.ofMillis(500), false);

    Stage(TestDatabase database, String... tables) throws SQLException {
        this.database = database;
        for (String t : tables) {
            this.tables.add(t);
            database.execute(
                    "CREATE TABLE " + t + " (id BIGINT PRIMARY KEY, v INT NOT NULL)",
                    "CREATE TABLE _" + t + "_gho (id BIGINT PRIMARY KEY, v INT NOT NULL, g1 INT NOT NULL DEFAULT 7)",
                    "INSERT INTO " + t + " VALUES (1, 1), (2, 2)",
                    "INSERT INTO _" + t + "_gho (id, v) SELECT id, v FROM " + t);
            swaps.add(new Swap(name(t), name("_" + t + "_gho"), name("_" + t + "_del")));
        }
        late = new LateRows(database);
    }

    @Override
    public void close() throws SQLException {
        late.close();
    }

    TableName name(String table) {
        return new TableName(database.name(), table);
    }

    CutOver cutOver() throws SQLException {
        return cutOver(database::connect);
    }

    CutOver cutOver(Connections.Source source) throws SQLException {
        try (Connection connection = database.connect()) {
            return CutOver.of(new Connections(source), Server.of(connection), limits, seen::add);
        }
    }

    boolean drain(Connection writer, Duration atMost) throws SQLException {
        late.drain(writer, tables);
        return true;
    }

    /** Brings the ghosts nearly up to date, as the run does before an attempt. */
    void catchUp() throws SQLException {
        try (Connection connection = database.connect()) {
            late.drain(connection, tables);
        }
    }

    /** Whether the table has the structure of the present ghost. */
    boolean isSwapped(String table) throws SQLException {
        return database.queryLong("SELECT COUNT(*) FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = '"
                        + database.name() + "' AND TABLE_NAME = '" + table + "' AND COLUMN_NAME = 'g" + generation
                        + "'")
                == 1;
    }

    /** After a cut-over: gives the old table up and makes another ghost. */
    void renew(String table) throws SQLException {
        generation++;
        database.execute(
                "DROP TABLE _" + table + "_del",
                "CREATE TABLE _" + table + "_gho (id BIGINT PRIMARY KEY, v INT NOT NULL, g" + generation
                        + " INT NOT NULL DEFAULT 7)",
                "INSERT INTO _" + table + "_gho (id, v) SELECT id, v FROM " + table);
    }

    /** Every row that the server has taken is in the table that has the name now. */
    void assertNothingLost(Collection<Long> written, String... tables) throws SQLException {
        Set<Long> there = new TreeSet<>();
        for (String table : tables) {
            database.query("SELECT id FROM " + table).forEach(r -> there.add(((Number) r.get(0)).longValue()));
        }
        Set<Long> missing = new TreeSet<>(written);
        missing.removeAll(there);
        assertThat(missing).as(title).isEmpty();
    }

    /** No table, lock or session of the cut-over is left. */
    void assertNothingLeft(boolean isDone) throws SQLException {
        List<String> names = new ArrayList<>();
        database.query("SHOW TABLES").forEach(r -> names.add(String.valueOf(r.get(0))));
        List<String> expected = new ArrayList<>();
        for (String t : tables) {
            expected.addAll(List.of(t, isDone ? "_" + t + "_del" : "_" + t + "_gho"));
        }
        assertThat(names).containsExactlyInAnyOrderElementsOf(expected);
        for (String t : tables) {
            database.execute("SET lock_wait_timeout = 5", "DELETE FROM " + t + " WHERE id = -1");
        }
        assertThat(database.query("SELECT ID, INFO FROM information_schema.PROCESSLIST WHERE DB = '" + database.name()
                        + "' AND ID <> CONNECTION_ID() AND (INFO LIKE 'LOCK%' OR INFO LIKE 'RENAME%'"
                        + " OR INFO LIKE 'PREPARE%')"))
                .isEmpty();
    }
}

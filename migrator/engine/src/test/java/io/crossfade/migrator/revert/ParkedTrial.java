package io.crossfade.migrator.revert;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.migrator.ghost.TableChange;
import io.crossfade.migrator.mysql.Connections;
import io.crossfade.migrator.row.Row;
import io.crossfade.migrator.stream.LogEvent;
import io.crossfade.migrator.stream.LogPosition;
import io.crossfade.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Random changes of a table whose values the old one may not be able to hold, beside a model of what has to come out. */
final class ParkedTrial {
    private static final int IDS = 9;
    private static final long NO_INT = 5_000_000_000L;

    private final TableChange change;
    private final TestDatabase database;
    private final Opener opener;

    /** What the new table holds, and what the old one alone has of it. */
    private final TreeMap<Long, Held> rows = new TreeMap<>();

    /** Events that are not known to be carried. */
    private final List<LogEvent> open = new ArrayList<>();

    private long saved;

    private record Held(long n, String kept) {}

    /** Makes a replay. */
    interface Opener {
        Replay open(Connection connection, PositionSaver saver) throws SQLException;
    }

    ParkedTrial(TableChange change, TestDatabase database, Opener opener) {
        this.change = change;
        this.database = database;
        this.opener = opener;
    }

    void run(SplittableRandom random, String as) throws SQLException {
        for (long id = 1; id < IDS; id += 2) {
            database.execute("INSERT INTO _t_del VALUES (" + id + ", 'x', 'kept" + id + "', " + id + ")");
            rows.put(id, new Held(id, "kept" + id));
        }
        Connections connections = new Connections(database::connect);
        List<Connection> opened = new ArrayList<>();
        try {
            run(random, as, () -> {
                Connection connection = connections.openManual();
                opened.add(connection);
                return connection;
            });
        } finally {
            for (Connection connection : opened) {
                connection.close();
            }
        }
    }

    private void run(SplittableRandom random, String as, Connections.Source source) throws SQLException {
        Connection connection = source.open();
        Replay replay = opener.open(connection, this::save);
        for (int transaction = 1; transaction <= 60; transaction++) {
            int first = open.size();
            for (int i = random.nextInt(6); i >= 0; i--) {
                changeAtRandom(random);
            }
            open.add(new LogEvent.Committed(new LogPosition("binlog.000001", transaction, ""), 0));
            for (LogEvent event : List.copyOf(open.subList(first, open.size()))) {
                replay.on(event);
            }
            if (random.nextInt(3) == 0) {
                replay.commit();
                replay.settle(System.nanoTime());
                check(as);
            }
            if (random.nextInt(6) == 0) {
                connection.close();
                connection = source.open();
                replay = opener.open(connection, this::save);
                for (LogEvent event : unsaved()) {
                    replay.on(event);
                }
            }
        }
        int last = open.size();
        for (long id : List.copyOf(rows.keySet())) {
            long mended = 100 + id;
            set(id, id, mended);
        }
        open.add(new LogEvent.Committed(new LogPosition("binlog.000001", 1_000, ""), 0));
        for (LogEvent event : List.copyOf(open.subList(last, open.size()))) {
            replay.on(event);
        }
        replay.commit();
        assertThat(replay.settle(Long.MAX_VALUE)).as(as).isTrue();
        assertThat(held("_t_del")).as(as).isEqualTo(model());
    }

    private List<LogEvent> unsaved() {
        int from = 0;
        for (int i = 0; i < open.size(); i++) {
            if (open.get(i) instanceof LogEvent.Committed c && c.position().offset() <= saved) {
                from = i + 1;
            }
        }
        open.subList(0, from).clear();
        return List.copyOf(open);
    }

    private void changeAtRandom(SplittableRandom random) {
        long id = random.nextInt(IDS);
        long other = random.nextInt(IDS);
        long n = random.nextInt(4) == 0 ? NO_INT : random.nextInt(IDS);
        Held held = rows.get(id);
        if (held == null) {
            emit(null, ReplayTest.row(n, id, "x"));
            rows.put(id, new Held(n, "d"));
        } else if (random.nextInt(5) == 0) {
            emit(ReplayTest.row(held.n, id, "x"), null);
            rows.remove(id);
        } else if (random.nextInt(3) == 0 && !rows.containsKey(other)) {
            set(id, other, n);
        } else if (random.nextInt(3) == 0 && rows.containsKey(other)) {
            long others = rows.get(other).n;
            set(other, other, held.n);
            set(id, id, others);
        } else {
            set(id, id, n);
        }
    }

    private void set(long id, long to, long n) {
        Held held = rows.remove(id);
        emit(ReplayTest.row(held.n, id, "x"), ReplayTest.row(n, to, "x"));
        rows.put(to, new Held(n, held.kept));
    }

    private void emit(@Nullable Row before, @Nullable Row after) {
        open.add(ReplayTest.changed(change, before, after));
    }

    /** Each row is in one of the two tables, as it is. */
    private void check(String as) throws SQLException {
        List<String> both = new ArrayList<>(held("_t_del"));
        for (List<Object> row : database.query(
                "SELECT CONCAT_WS('|', id, n, IF(_crossfade_kept = 1," + " _crossfade_kept_0, 'd')) FROM _t_ghp")) {
            both.add(String.valueOf(row.get(0)));
        }
        assertThat(both).as(as).containsExactlyInAnyOrderElementsOf(model());
    }

    private List<String> held(String table) throws SQLException {
        return database.query("SELECT CONCAT_WS('|', id, n, gone) FROM " + table + " ORDER BY id").stream()
                .map(r -> String.valueOf(r.get(0)))
                .toList();
    }

    private List<String> model() {
        return rows.entrySet().stream()
                .map(e -> e.getKey() + "|" + e.getValue().n + "|" + e.getValue().kept)
                .toList();
    }

    private void save(Connection connection, LogPosition position) {
        saved = position.offset();
    }
}

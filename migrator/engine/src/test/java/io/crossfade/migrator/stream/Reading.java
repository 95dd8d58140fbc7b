package io.crossfade.migrator.stream;

import io.crossfade.migrator.mysql.Server;
import io.crossfade.migrator.signal.Cancel;
import io.crossfade.model.Table;
import io.crossfade.model.TableName;
import io.crossfade.state.CatalogReader;
import io.crossfade.testkit.TestDatabase;
import io.crossfade.testkit.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A change log that tests read, and where it began. */
public final class Reading implements AutoCloseable {
    private static final Duration BOUND = Duration.ofSeconds(30);
    private static final int EVENTS_MAX = 10_000;
    private static final long BYTES_MAX = 32L << 20;

    private final TestDatabase database;
    private final BinlogChangeLog log;

    private Reading(TestDatabase database, BinlogChangeLog log) {
        this.database = database;
        this.log = log;
    }

    public static Reading of(TestDatabase database, String... tables) throws SQLException {
        return from(database, position(database), EVENTS_MAX, tables);
    }

    static Reading from(TestDatabase database, LogPosition from, int eventsMax, String... tables) throws SQLException {
        TestServer server = database.server();
        Endpoint endpoint = new Endpoint(
                server.host(),
                server.port(),
                server.user(),
                server.password(),
                Endpoint.Tls.OFF,
                Endpoint.REPLICA_SERVER_ID + Math.abs(database.name().hashCode() % 10_000));
        return from(database, endpoint, from, eventsMax, tables);
    }

    static Reading from(TestDatabase database, Endpoint endpoint, LogPosition from, int eventsMax, String... tables)
            throws SQLException {
        try (Connection connection = database.connect()) {
            Map<TableName, Table> watched = new HashMap<>();
            for (String table : tables) {
                TableName name = new TableName(database.name(), table);
                watched.put(name, new CatalogReader(connection).table(name).orElseThrow());
            }
            return new Reading(
                    database,
                    BinlogChangeLog.open(
                            endpoint, from, watched, Server.of(connection), new Cancel(), eventsMax, BYTES_MAX));
        }
    }

    static LogPosition position(TestDatabase database) throws SQLException {
        try (Connection connection = database.connect()) {
            return LogPosition.current(connection);
        }
    }

    BinlogChangeLog log() {
        return log;
    }

    /** All events up to the end of the log as it is now. */
    public List<LogEvent> events() throws SQLException {
        LogPosition end = position(database);
        List<LogEvent> events = new ArrayList<>();
        long deadlineNanos = System.nanoTime() + BOUND.toNanos();
        while (System.nanoTime() < deadlineNanos) {
            LogEvent event = log.next(Duration.ofMillis(100));
            if (event != null) {
                events.add(event);
            }
            if (event instanceof LogEvent.Committed committed
                    && committed.position().reaches(end)) {
                return events;
            }
        }
        throw new AssertionError("the log's end was not seen in " + BOUND + "; seen " + events);
    }

    /** The rows that are left of these events once what was rewound is forgotten. */
    public static List<LogEvent.Changed> changes(List<LogEvent> events) {
        List<LogEvent.Changed> all = new ArrayList<>();
        List<LogEvent.Changed> open = new ArrayList<>();
        for (LogEvent event : events) {
            if (event instanceof LogEvent.Changed changed) {
                open.add(changed);
            } else if (event instanceof LogEvent.Rewound) {
                open.clear();
            } else if (event instanceof LogEvent.Committed) {
                all.addAll(open);
                open.clear();
            }
        }
        return all;
    }

    @Override
    public void close() {
        log.close();
    }
}

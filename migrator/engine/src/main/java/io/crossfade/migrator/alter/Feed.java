package io.crossfade.migrator.alter;

import io.crossfade.migrator.apply.Markers;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.stream.BinlogChangeLog;
import io.crossfade.migrator.stream.ChangeLog;
import io.crossfade.migrator.stream.Endpoint;
import io.crossfade.migrator.stream.LogPosition;
import io.crossfade.model.Table;
import io.crossfade.model.TableName;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The change log on its way into the ghosts: read, handed to the frontiers, applied, and the markers that tell how far it is. Its
 * threads are the crew's, its sessions the lanes'.
 *
 * <p>One thread at a time; its parts say whose they are.
 */
final class Feed implements AutoCloseable {

    /** Our own first marker must come down the log by then, or the log is not what it seems. */
    private static final Duration FIRST_MARKER_MAX = Duration.ofSeconds(60);

    /** One look whether the ghosts are up to date; more looks follow, until they are. */
    private static final Duration CATCH_UP_LOOK = Duration.ofSeconds(1);

    private static final Duration LOOK = Duration.ofMillis(100);

    private final Site site;
    private final Endpoint endpoint;
    private final List<TableRun> tables;
    private final Markers markers;
    private final Crew crew;
    private final ChangeLog log;
    private final Pump events;
    private final Heart heart;
    private final Map<TableRun, Applying> appliers = new LinkedHashMap<>();
    private final Map<TableRun, CatchingUp> catchingUp = new LinkedHashMap<>();
    private @Nullable LogPosition lastSeen;

    private Feed(
            Site site,
            Endpoint endpoint,
            List<TableRun> tables,
            TableName markerTable,
            Markers markers,
            Crew crew,
            Lanes lanes,
            ChangeLog log,
            LogPosition from) {
        this.site = site;
        this.endpoint = endpoint;
        this.tables = List.copyOf(tables);
        this.markers = markers;
        this.crew = crew;
        this.log = log;
        this.events = new Pump(
                log,
                from,
                tables,
                markerTable,
                markers,
                lanes.add(site.lane("the key order", site.sessions()::open)),
                site.server(),
                crew,
                site.request().bounds().log().room());
        this.heart = new Heart(
                lanes.add(site.lane("the heartbeat", site.sessions()::open)),
                markerTable,
                markers,
                site.stop(),
                events);
        for (TableRun table : tables) {
            appliers.put(
                    table,
                    new Applying(
                            site,
                            table,
                            markers,
                            lanes.add(site.lane("the changes of " + table.name(), () -> site.sessions()
                                    .openConvertingManual(table.change)))));
            catchingUp.put(table, new CatchingUp(table, heart, markers, crew));
        }
    }

    /**
     * Opens the log where the tables' checkpoints say.
     *
     * @param markerTable which is there
     */
    static Feed open(
            Site site,
            Endpoint endpoint,
            List<TableRun> tables,
            Table markerTable,
            Markers markers,
            Crew crew,
            Lanes lanes)
            throws SQLException {
        Map<TableName, Table> watched = new LinkedHashMap<>();
        tables.forEach(t -> watched.put(t.change.source().name(), t.change.source()));
        watched.put(markerTable.name(), markerTable);
        LogPosition from = from(tables);
        ChangeLog log = BinlogChangeLog.open(endpoint, from, watched, site.server(), site.stop());
        return new Feed(site, endpoint, tables, markerTable.name(), markers, crew, lanes, log, from);
    }

    /** The oldest of the tables' positions. */
    private static LogPosition from(List<TableRun> tables) {
        LogPosition oldest = null;
        for (TableRun table : tables) {
            LogPosition position = table.checkpoint.position();
            if (position == null) {
                throw new IllegalStateException("a checkpoint without a position");
            }
            oldest = oldest == null || oldest.covers(position) ? position : oldest;
        }
        if (oldest == null) {
            throw new IllegalStateException("no tables");
        }
        return oldest;
    }

    /** Reads and applies from now on, until the crew ends. */
    void start() {
        crew.start("log", events::run);
        // A resumed run first reads what was written since: that is applied while the first marker is awaited.
        appliers.values().forEach(a -> crew.start("apply", a::run));
        crew.start("heart", () -> heart.run(site.request().bounds().rhythm().heartbeat()));
    }

    void awaitFirstMarker() throws SQLException {
        long number = heart.beat();
        long untilNanos = System.nanoTime() + FIRST_MARKER_MAX.toNanos();
        while (markers.awaitSeen(number, LOOK) < 0) {
            check();
            // A resumed run has the log of the time between before it.
            if (isMoving()) {
                untilNanos = System.nanoTime() + FIRST_MARKER_MAX.toNanos();
            }
            if (System.nanoTime() > untilNanos) {
                throw MigrationException.stopped("stopped: a row that was written on " + site.server()
                        + " did not come down the change log of " + endpoint + " within "
                        + FIRST_MARKER_MAX.toSeconds() + " s; is it the same server, and is the log on?");
            }
        }
    }

    private boolean isMoving() {
        LogPosition now = events.last();
        boolean isMoving = !now.equals(lastSeen);
        lastSeen = now;
        return isMoving;
    }

    /** Waits until every ghost is up to now. */
    void catchUp() throws SQLException {
        for (CatchingUp one : catchingUp.values()) {
            while (!one.await(CATCH_UP_LOOK)) {
                check();
            }
        }
    }

    /** Ends the run where one of its threads failed, or the operator wants it to end. */
    void check() throws SQLException {
        crew.check();
        site.check();
    }

    List<TableRun> tables() {
        return tables;
    }

    Applying applying(TableRun table) {
        return Objects.requireNonNull(appliers.get(table));
    }

    CatchingUp catchingUp(TableRun table) {
        return Objects.requireNonNull(catchingUp.get(table));
    }

    Markers markers() {
        return markers;
    }

    Heart heart() {
        return heart;
    }

    Pump events() {
        return events;
    }

    ChangeLog log() {
        return log;
    }

    @Override
    public void close() {
        log.close();
    }
}

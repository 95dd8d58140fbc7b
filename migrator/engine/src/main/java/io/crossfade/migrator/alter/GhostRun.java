package io.crossfade.migrator.alter;

import io.crossfade.migrator.apply.Markers;
import io.crossfade.migrator.check.Finding;
import io.crossfade.migrator.check.LogSettings;
import io.crossfade.migrator.checkpoint.AlterCheckpoint;
import io.crossfade.migrator.checkpoint.AlterCheckpoint.Step;
import io.crossfade.migrator.checksum.Checksum;
import io.crossfade.migrator.cutover.Outcome;
import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.migrator.mysql.GhostNames;
import io.crossfade.migrator.mysql.GhostTables;
import io.crossfade.migrator.mysql.OldTables;
import io.crossfade.migrator.mysql.Probes;
import io.crossfade.migrator.mysql.Server;
import io.crossfade.migrator.mysql.TableFacts;
import io.crossfade.migrator.mysql.TriggerCopies;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.signal.Milestone;
import io.crossfade.migrator.signal.Progress;
import io.crossfade.migrator.stream.BinlogChangeLog;
import io.crossfade.migrator.stream.ChangeLog;
import io.crossfade.migrator.stream.Endpoint;
import io.crossfade.migrator.stream.LogPosition;
import io.crossfade.model.Table;
import io.crossfade.model.TableName;
import io.crossfade.state.CatalogReader;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The change of tables by ghosts: {@link #run} reads top-down as the way of a row.
 *
 * <p>Confined to the thread of the run, but for {@link #status}.
 */
final class GhostRun {

    /** Our own first marker must come down the log by then, or the log is not what it seems. */
    private static final Duration FIRST_MARKER_MAX = Duration.ofSeconds(60);

    /** One look whether the ghost is up to date; more looks follow, until it is. */
    private static final Duration CATCH_UP_LOOK = Duration.ofSeconds(1);

    /** The rename was carried out, so it is in the log, and the log is milliseconds behind. */
    private static final Duration RENAME_SEEN_MAX = Duration.ofSeconds(60);

    /** While a cut-over is postponed, the ghost is compared again after this. */
    private static final Duration COMPARE_AGAIN = Duration.ofMinutes(10);

    private static final Duration LOOK = Duration.ofMillis(100);

    private final Site site;
    private final Endpoint endpoint;
    private final Markers markers = Markers.ofOneRun();
    private final List<TableRun> tables = new ArrayList<>();
    private final List<Copying> copiers = new ArrayList<>();
    private volatile String state = "preparing";
    private volatile long copyBeganNanos;
    private volatile long copyEndedNanos;
    private volatile long rowsCopiedBefore;
    private volatile long rowsChecked;
    private volatile @Nullable Pump pump;
    private volatile @Nullable ChangeLog log;

    GhostRun(Site site, Endpoint endpoint) {
        this.site = site;
        this.endpoint = endpoint;
    }

    void run() throws SQLException {
        try (Connection control = site.sessions().open()) {
            try (Claims claims = Claims.take(site.connections(), site.request().tables())) {
                checkLog(control);
                if (prepare(control)) {
                    reached(Milestone.VALIDATED);
                    change(control, claims);
                }
            }
        }
    }

    /** Brings every table to where its copy begins or goes on; false where nothing is left to do. */
    private boolean prepare(Connection control) throws SQLException {
        Preparation preparation = new Preparation(site, control);
        int over = 0;
        for (TableAlter alter : site.request().tables()) {
            GhostNames names = preparation.names(alter);
            Optional<AlterCheckpoint> earlier = preparation.earlier(alter, names);
            if (earlier.isPresent() && earlier.get().step() == Step.DONE) {
                note(alter.table() + " was changed by an earlier run already; its old table " + names.old()
                        + " is kept, for the way back");
                // That run may have been ended before it could.
                Heart.dropTable(control, names.changeLog());
                over++;
                continue;
            }
            if (earlier.isPresent() && earlier.get().step() == Step.CUTTING_OVER && isSwapped(preparation, names)) {
                finishEarlier(control, alter, names, earlier.get());
                over++;
                continue;
            }
            AlterCheckpoint from;
            if (earlier.isPresent()) {
                from = earlier.get();
                note("going on from the checkpoint of " + alter.table() + ": " + from.rowsCopied() + " rows copied, "
                        + from.rowsApplied() + " changes applied");
            } else {
                from = preparation.create(alter, names);
            }
            tables.add(preparation.open(alter, names, from));
        }
        if (over > 0 && !tables.isEmpty()) {
            throw MigrationException.refused("cannot go on: some of the tables are changed already and some are not;"
                    + " name only those that are left: "
                    + String.join(", ", tables.stream().map(TableRun::name).toList()));
        }
        return !tables.isEmpty();
    }

    /** What the change log cannot give is found out before anything is made. */
    private void checkLog(Connection control) throws SQLException {
        boolean switches = site.request().switchesToRow();
        String format = Server.variable(control, "binlog_format");
        if (switches && format != null && !format.equalsIgnoreCase("ROW")) {
            try (Statement s = control.createStatement()) {
                s.execute("SET GLOBAL binlog_format = ROW");
            }
            site.listener()
                    .on(new Progress.Warning("set the server's binlog_format to ROW, as asked; it was " + format
                            + ", and sessions that are open keep that until they connect anew"));
        }
        for (TableAlter alter : site.request().tables()) {
            Optional<Table> table = new CatalogReader(control).table(alter.table());
            if (table.isEmpty()) {
                continue;
            }
            for (Finding finding : LogSettings.look(control, table.get(), switches)) {
                if (finding.isFatal()) {
                    throw MigrationException.refused("cannot alter table \"" + alter.table() + "\"; " + finding);
                }
                site.listener().on(new Progress.Warning(finding.toString()));
            }
        }
    }

    private static boolean isSwapped(Preparation preparation, GhostNames names) {
        Outcome outcome = preparation.outcome(names);
        if (outcome == Outcome.UNKNOWN) {
            throw MigrationException.stopped("stopped: whether the cut-over of " + names.table()
                    + " took place cannot be asked of the server; run the same command again when it answers");
        }
        return outcome == Outcome.DONE;
    }

    private void change(Connection control, Claims claims) throws SQLException {
        LogPosition from = from();
        countRows(control);
        TableName markerTable = tables.get(0).names.changeLog();
        Heart.createTable(control, markerTable);
        try (Crew crew = new Crew(site.stop());
                Lanes lanes = new Lanes();
                ChangeLog changes = BinlogChangeLog.open(
                        endpoint,
                        from,
                        watched(control, markerTable),
                        site.server().dialect(),
                        site.stop())) {
            log = changes;
            Pump events = new Pump(
                    changes,
                    from,
                    tables,
                    markerTable,
                    markers,
                    lanes.add(site.lane("the key order", site.sessions()::open)),
                    site.server().dialect(),
                    crew);
            pump = events;
            Heart heart = new Heart(
                    lanes.add(site.lane("the heartbeat", site.sessions()::open)),
                    markerTable,
                    markers,
                    site.stop(),
                    events);
            Saving saving =
                    new Saving(site, tables, events, lanes.add(site.lane("the checkpoint", site.sessions()::open)));
            List<Applying> appliers = new ArrayList<>();
            List<CatchingUp> catchingUp = new ArrayList<>();
            for (TableRun table : tables) {
                appliers.add(new Applying(
                        site,
                        table,
                        lanes.add(site.lane("the changes of " + table.name(), site.sessions()::openManual))));
                catchingUp.add(new CatchingUp(table, heart, markers, crew));
            }
            crew.start("claims", () -> claims.watch(site.stop()));
            crew.start("log", events::run);
            // A resumed run first reads what was written since: that is applied while the first marker is awaited.
            appliers.forEach(a -> crew.start("apply", a::run));
            crew.start("heart", () -> heart.run(site.request().bounds().heartbeatEvery()));
            try {
                awaitFirstMarker(heart, crew);
                crew.start(
                        "checkpoint", () -> saving.run(site.request().bounds().checkpointEvery()));

                copy(crew, lanes, saving);
                catchUp(catchingUp, crew);
                compareUntilCutOver(catchingUp, crew, lanes);
                cutOver(
                        control,
                        events,
                        saving,
                        new Swapping(
                                site, tables, appliers, catchingUp, heart, markers, crew, claims, triggers(control)));
            } catch (SQLException e) {
                crew.explain();
                throw e;
            }
            Heart.dropTable(control, markerTable);
        }
        dropOld(control);
        for (TableRun table : tables) {
            Probes.sweep(control, site.server().dialect(), table.names.table().schema());
        }
        state = "done";
    }

    /** The oldest of the tables' positions. */
    private LogPosition from() {
        LogPosition oldest = null;
        for (TableRun table : tables) {
            LogPosition position = table.checkpoint.position();
            if (position == null) {
                throw new IllegalStateException("a checkpoint without a position");
            }
            oldest = oldest == null || oldest.reaches(position) ? position : oldest;
        }
        if (oldest == null) {
            throw new IllegalStateException("no tables");
        }
        return oldest;
    }

    private void countRows(Connection control) throws SQLException {
        for (TableRun table : tables) {
            if (site.request().rules().countsRows()) {
                try (Statement s = control.createStatement();
                        ResultSet r = s.executeQuery("SELECT COUNT(*) FROM "
                                + table.change.sourceKey().indexed())) {
                    r.next();
                    table.rowsTotal = r.getLong(1);
                }
            } else {
                table.rowsTotal = TableFacts.of(control, table.names.table())
                        .map(TableFacts::rows)
                        .orElse(0L);
            }
        }
        rowsCopiedBefore = tables.stream().mapToLong(t -> t.rowsCopied.get()).sum();
        reached(Milestone.ROWS_COUNTED);
    }

    private Map<TableName, Table> watched(Connection control, TableName markerTable) throws SQLException {
        Map<TableName, Table> watched = new LinkedHashMap<>();
        tables.forEach(t -> watched.put(t.change.source().name(), t.change.source()));
        watched.put(markerTable, new CatalogReader(control).table(markerTable).orElseThrow());
        return watched;
    }

    private void awaitFirstMarker(Heart heart, Crew crew) throws SQLException {
        long number = heart.beat();
        long untilNanos = System.nanoTime() + FIRST_MARKER_MAX.toNanos();
        while (markers.awaitSeen(number, LOOK) < 0) {
            crew.check();
            site.operator().check();
            // A resumed run has the log of the time between before it.
            boolean isMoving = pumpIsMoving();
            if (isMoving) {
                untilNanos = System.nanoTime() + FIRST_MARKER_MAX.toNanos();
            }
            if (System.nanoTime() > untilNanos) {
                throw MigrationException.stopped("stopped: a row that was written on " + site.server()
                        + " did not come down the change log of " + endpoint + " within "
                        + FIRST_MARKER_MAX.toSeconds() + " s; is it the same server, and is the log on?");
            }
        }
    }

    private @Nullable LogPosition lastSeen;

    private boolean pumpIsMoving() {
        Pump events = pump;
        LogPosition now = events == null ? null : events.last();
        boolean isMoving = now != null && !now.equals(lastSeen);
        lastSeen = now;
        return isMoving;
    }

    private void copy(Crew crew, Lanes lanes, Saving saving) throws SQLException {
        state = "migrating";
        copyBeganNanos = System.nanoTime();
        reached(Milestone.BEFORE_ROW_COPY);
        for (TableRun table : tables) {
            if (table.checkpoint.isComplete()) {
                continue;
            }
            saving.step(Step.COPYING);
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < site.request().bounds().copyThreads(); i++) {
                Copying copying = new Copying(
                        site, table, lanes.add(site.lane("the copy of " + table.name(), () -> site.sessions()
                                .openConverting(table.change))));
                copiers.add(copying);
                threads.add(crew.start("copy-" + (i + 1), copying::run));
            }
            crew.await(threads, this::check);
        }
        copyEndedNanos = System.nanoTime();
        saving.step(Step.COPIED);
        reached(Milestone.ROW_COPY_COMPLETE);
    }

    private void catchUp(List<CatchingUp> catchingUp, Crew crew) throws SQLException {
        for (CatchingUp one : catchingUp) {
            while (!one.await(CATCH_UP_LOOK)) {
                crew.check();
                check();
            }
        }
    }

    /** Compares, and again as long as the cut-over is put off. */
    private void compareUntilCutOver(List<CatchingUp> catchingUp, Crew crew, Lanes lanes) throws SQLException {
        compare(catchingUp, lanes);
        if (!site.controls().isPostponed()) {
            return;
        }
        state = "postponing cut-over";
        reached(Milestone.POSTPONED);
        long nextNanos = System.nanoTime() + COMPARE_AGAIN.toNanos();
        while (site.controls().isPostponed()) {
            crew.check();
            check();
            site.operator().pause(LOOK);
            if (System.nanoTime() > nextNanos) {
                compare(catchingUp, lanes);
                state = "postponing cut-over";
                nextNanos = System.nanoTime() + COMPARE_AGAIN.toNanos();
            }
        }
        catchUp(catchingUp, crew);
    }

    private void compare(List<CatchingUp> catchingUp, Lanes lanes) throws SQLException {
        state = "checksum";
        for (int i = 0; i < tables.size(); i++) {
            TableRun table = tables.get(i);
            long beganNanos = System.nanoTime();
            Checksum checksum = new Checksum(
                    site.server().dialect(),
                    table.change,
                    table.sql,
                    catchingUp.get(i),
                    lanes.add(site.lane("the checksum", () -> site.sessions().openConverting(table.change))),
                    lanes.add(site.lane("the checksum", () -> site.sessions().openConverting(table.change))),
                    lanes.add(site.lane("a repair", () -> site.sessions().openConvertingManual(table.change))),
                    site.throttles(),
                    site.operator());
            Checksum.Result result = checksum.run(rows -> rowsChecked = rows);
            String text = "checksum of " + table.name() + ": " + result.rows() + " rows compared in "
                    + (System.nanoTime() - beganNanos) / 1_000_000 + " ms, " + result.repaired() + " repaired";
            site.listener()
                    .on(
                            result.repaired() > table.copy.passedOver()
                                    ? new Progress.Warning(
                                            text + ", which should not have been necessary; please report it")
                                    : new Progress.Note(text));
        }
    }

    private void cutOver(Connection control, Pump events, Saving saving, Swapping swapping) throws SQLException {
        reached(Milestone.BEFORE_CUT_OVER);
        for (TableRun table : tables) {
            new GhostTables(table.alter, site.request().rules(), table.names).carryAutoIncrement(control);
        }
        state = "cutting over";
        saving.step(Step.CUTTING_OVER);
        events.expectRename(true);
        swapping.run();
        LogPosition renamed = events.awaitRename(RENAME_SEEN_MAX);
        if (renamed == null) {
            site.listener()
                    .on(new Progress.Warning(
                            "the tables are changed, but the rename was not seen in the change log within "
                                    + RENAME_SEEN_MAX.toSeconds()
                                    + " s; run the same command again to note from where a revert begins"));
            return;
        }
        saving.done(renamed);
    }

    private List<TriggerCopies> triggers(Connection control) throws SQLException {
        List<TriggerCopies> triggers = new ArrayList<>();
        if (site.request().rules().includesTriggers()) {
            for (TableRun table : tables) {
                triggers.add(new GhostTables(table.alter, site.request().rules(), table.names).triggers(control));
            }
        }
        return triggers;
    }

    private void dropOld(Connection control) throws SQLException {
        if (!site.request().rules().dropsOldAfter()) {
            tables.forEach(t ->
                    note("the old table is kept as " + t.names.old() + ", for the way back; drop it when all is well"));
            return;
        }
        OldTables old = new OldTables(control, site.throttles()::await, site.operator(), site.listener());
        for (TableRun table : tables) {
            old.dropInPieces(table.names.old());
            table.checkpoints.drop(control);
        }
    }

    /** An earlier run exchanged the names and was ended before it could say so. */
    private void finishEarlier(Connection control, TableAlter alter, GhostNames names, AlterCheckpoint earlier)
            throws SQLException {
        note("the cut-over of " + alter.table() + " was done by an earlier run");
        LogPosition renamed = RenameSearch.find(site, endpoint, names, earlier);
        AlterCheckpoint done = earlier.at(Step.DONE).from(renamed).by(site.id());
        new io.crossfade.migrator.checkpoint.CheckpointTable(site.server().dialect(), names.checkpoint())
                .save(control, done);
        Heart.dropTable(control, names.changeLog());
    }

    private void check() {
        site.operator().check();
        if (site.controls().isPanicking()) {
            throw MigrationException.stopped(
                    "stopped: panic; nothing was cleaned up; run the same command again to go on");
        }
    }

    Status status(Duration elapsed) {
        Pump events = pump;
        ChangeLog changes = log;
        long copied = tables.stream().mapToLong(t -> t.rowsCopied.get()).sum();
        long total =
                Math.max(copied, tables.stream().mapToLong(t -> t.rowsTotal).sum());
        long ended = copyEndedNanos != 0 ? copyEndedNanos : System.nanoTime();
        Duration copying = copyBeganNanos == 0 ? Duration.ZERO : Duration.ofNanos(ended - copyBeganNanos);
        double rate = (copied - rowsCopiedBefore) / Math.max(1e-3, copying.toMillis() / 1000.0);
        Duration left = copyEndedNanos != 0
                ? Duration.ZERO
                : rate <= 0 ? Duration.ofSeconds(-1) : Duration.ofMillis((long) (1000 * (total - copied) / rate));
        int waiting =
                tables.stream().mapToInt(t -> t.frontier.standing().images()).sum();
        return new Status(
                state,
                copied,
                total,
                tables.stream().mapToLong(t -> t.rowsApplied.get()).sum(),
                (changes == null ? 0 : changes.backlog()) + waiting,
                changes == null ? 0 : changes.backlogMax(),
                rowsChecked,
                elapsed,
                copying,
                events == null ? "" : events.last().shown(),
                markers.lag().toMillis(),
                site.throttles().holding(),
                left,
                copiers.isEmpty()
                        ? site.controls().chunkRows()
                        : copiers.get(copiers.size() - 1).rows());
    }

    private void reached(Milestone milestone) {
        site.listener().on(new Progress.Reached(milestone));
    }

    private void note(String text) {
        site.listener().on(new Progress.Note(text));
    }
}

package io.crossfade.migrator.alter;

import io.crossfade.migrator.apply.Markers;
import io.crossfade.migrator.checkpoint.AlterCheckpoint.Step;
import io.crossfade.migrator.checkpoint.Shape;
import io.crossfade.migrator.ghost.Rules;
import io.crossfade.migrator.mysql.GhostNames;
import io.crossfade.migrator.mysql.GhostTables;
import io.crossfade.migrator.mysql.Probes;
import io.crossfade.migrator.mysql.TableFacts;
import io.crossfade.migrator.mysql.TriggerCopies;
import io.crossfade.migrator.signal.Milestone;
import io.crossfade.migrator.signal.Progress;
import io.crossfade.migrator.stream.Endpoint;
import io.crossfade.migrator.stream.LogPosition;
import io.crossfade.model.TableName;
import io.crossfade.state.CatalogReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The change of tables by ghosts: {@link #run} and {@link #change} read top-down as the way of a row.
 *
 * <p>Confined to the thread of the run, but for {@link #status}.
 */
final class GhostRun {

    /** The rename was carried out, so it is in the log, and the log is milliseconds behind. */
    private static final Duration RENAME_SEEN_MAX = Duration.ofSeconds(60);

    private final Site site;
    private final Endpoint endpoint;
    private final Claims claims;
    private final Markers markers = Markers.ofOneRun();
    private final GhostStatus status;
    private volatile @Nullable GhostNames names;

    /**
     * @param claims on its tables; whoever took them gives them back
     */
    GhostRun(Site site, Endpoint endpoint, Claims claims) {
        this.status = new GhostStatus(site, markers);
        this.site = site.telling(status.heard(site.listener()));
        this.endpoint = endpoint;
        this.claims = claims;
    }

    void run() throws SQLException {
        try (Connection control = site.sessions().open()) {
            claims.check();
            List<TableRun> tables = new Beginning(site, endpoint, control).tables();
            if (tables.isEmpty()) {
                return;
            }
            names = tables.get(0).names;
            reached(Milestone.VALIDATED);
            estimateRows(control, tables);
            if (site.request().rules().count() == Rules.Count.BEFORE_COPY) {
                try (Counting counting = counting(tables).start()) {
                    counting.await();
                }
            }
            ServerSettings settings = new ServerSettings(site);
            try {
                settings.change(control, tables);
                change(control, tables);
            } finally {
                settings.back(tables);
            }
            if (site.request().rules().dropsOldAfter()) {
                status.state = GhostStatus.DROPPING;
            }
            for (TableRun table : tables) {
                if (ReplicaTrial.isAsked(site)) {
                    new ReplicaTrial(site, control).forget(table.names);
                } else {
                    new Aftermath(site, control).of(table.names, table.checkpoint);
                }
            }
            for (TableRun table : tables) {
                Probes.sweep(
                        control, site.server().dialect(), table.names.table().schema());
            }
            status.state = Status.DONE;
        }
    }

    private void estimateRows(Connection control, List<TableRun> tables) throws SQLException {
        for (TableRun table : tables) {
            table.rowsTotal = TableFacts.of(control, table.names.table())
                    .map(TableFacts::rows)
                    .orElse(0L);
        }
        status.counted(tables);
        if (!site.request().rules().countsRows()) {
            reached(Milestone.ROWS_COUNTED);
        }
    }

    private Counting counting(List<TableRun> tables) {
        return new Counting(site, tables, () -> reached(Milestone.ROWS_COUNTED));
    }

    private void change(Connection control, List<TableRun> tables) throws SQLException {
        TableName markerTable = tables.get(0).names.changeLog();
        Heart.createTable(control, markerTable);
        // The sessions are closed last, when nobody is left who could open one again.
        try (Lanes lanes = new Lanes();
                Crew crew = new Crew(site.stop());
                Feed feed = Feed.open(
                        site,
                        endpoint,
                        tables,
                        new CatalogReader(control).table(markerTable).orElseThrow(),
                        markers,
                        crew,
                        lanes)) {
            status.feed = feed;
            Saving saving = new Saving(
                    site, tables, feed.events(), lanes.add(site.lane("the checkpoint", site.sessions()::open)));
            crew.start("claims", () -> claims.watch(site.stop()));
            feed.start();
            try {
                feed.awaitFirstMarker();
                crew.start(
                        "checkpoint",
                        () -> saving.run(site.request().bounds().rhythm().checkpoint()));
                copy(tables, crew, lanes, saving);
                List<Indexing> indexing = index(tables, crew, lanes);
                feed.catchUp();
                new Comparing(site, feed, lanes, status).untilCutOver();
                awaitIndexes(indexing, crew);
                for (TableRun table : tables) {
                    new Statistics(control, site.listener())
                            .take(table.change.ghostKey().quotedTable(), table.names.ghost());
                }
                Swapping swapping = new Swapping(site, feed, claims, triggers(control, tables));
                if (ReplicaTrial.isAsked(site)) {
                    tryCutOver(control, feed, saving, swapping);
                } else {
                    cutOver(control, feed, saving, swapping);
                }
            } catch (SQLException e) {
                crew.explain();
                throw e;
            }
        }
        Heart.dropTable(control, markerTable);
    }

    /** The count, where one is wished for beside the copy, is of no use when that has come to its end. */
    private void copy(List<TableRun> tables, Crew crew, Lanes lanes, Saving saving) throws SQLException {
        try (Counting counting = counting(tables)) {
            if (site.request().rules().count() == Rules.Count.BESIDE_COPY) {
                counting.start();
            }
            copy(tables, crew, lanes, saving, () -> {
                site.check();
                counting.check();
            });
        }
        status.copyEnds();
        saving.step(Step.COPIED);
        reached(Milestone.ROW_COPY_COMPLETE);
    }

    private void copy(List<TableRun> tables, Crew crew, Lanes lanes, Saving saving, Runnable check)
            throws SQLException {
        status.copyBegins();
        reached(Milestone.BEFORE_ROW_COPY);
        for (TableRun table : tables) {
            if (table.checkpoint.isComplete()) {
                continue;
            }
            saving.step(Step.COPYING);
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < site.request().bounds().copy().threads(); i++) {
                Copying copying = new Copying(
                        site, table, lanes.add(site.lane("the copy of " + table.name(), () -> site.sessions()
                                .openConverting(table.change))));
                status.copying = copying;
                threads.add(crew.start("copy-" + (i + 1), copying::run));
            }
            crew.await(threads, check);
        }
    }

    /** Beside the comparison, which reads by the key and needs none of them. */
    private List<Indexing> index(List<TableRun> tables, Crew crew, Lanes lanes) {
        List<Indexing> indexing = new ArrayList<>();
        for (TableRun table : tables) {
            Indexing one = new Indexing(
                    site,
                    table,
                    lanes.add(site.lane("the indexes of " + table.name(), site.sessions()::openForIndexes)));
            one.start(crew);
            indexing.add(one);
        }
        return indexing;
    }

    private void awaitIndexes(List<Indexing> indexing, Crew crew) throws SQLException {
        for (Indexing one : indexing) {
            if (one.isUnderWay()) {
                status.state = "building indexes";
            }
            one.await(crew);
        }
    }

    private void tryCutOver(Connection control, Feed feed, Saving saving, Swapping swapping) throws SQLException {
        ReplicaTrial trial = new ReplicaTrial(site, control);
        trial.warnOfWriters();
        trial.stopReplication();
        try {
            feed.catchUp();
            cutOver(control, feed, saving, swapping);
        } catch (SQLException | RuntimeException e) {
            trial.letGoOn(feed.tables().stream().map(t -> t.names).toList(), new Preparation(site, control));
            throw e;
        }
    }

    private void cutOver(Connection control, Feed feed, Saving saving, Swapping swapping) throws SQLException {
        reached(Milestone.BEFORE_CUT_OVER);
        for (TableRun table : feed.tables()) {
            requireNoNewTies(control, table);
            // One that was written before the log was read has sent no image.
            table.nullKeys.check(control, site::check);
            saving.after(
                    table,
                    Shape.of(control, site.server().dialect(), table.names.ghost())
                            .orElseThrow());
        }
        status.state = "cutting over";
        saving.step(Step.CUTTING_OVER);
        feed.events().expectRename(true);
        swapping.run();
        if (ReplicaTrial.isAsked(site)) {
            new ReplicaTrial(site, control)
                    .undo(feed.tables().stream().map(t -> t.names).toList());
            saving.step(Step.REVERTED);
            return;
        }
        LogPosition renamed = feed.events().awaitRename(RENAME_SEEN_MAX);
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

    /** Triggers and foreign keys that somebody gave the table meanwhile would be lost with it. */
    private void requireNoNewTies(Connection control, TableRun table) throws SQLException {
        new GhostTables(table.alter, site.request().rules(), table.names).checkTies(control);
    }

    private List<TriggerCopies> triggers(Connection control, List<TableRun> tables) throws SQLException {
        List<TriggerCopies> triggers = new ArrayList<>();
        if (site.request().rules().includesTriggers()) {
            for (TableRun table : tables) {
                triggers.add(new GhostTables(table.alter, site.request().rules(), table.names).triggers(control));
            }
        }
        return triggers;
    }

    /** Of the first table, once they are known; for any thread. */
    Optional<GhostNames> names() {
        return Optional.ofNullable(names);
    }

    /** How long the server lately took for a commit; 0 before the first. For any thread. */
    long commitMicros() {
        Feed feed = status.feed;
        return feed == null ? 0 : feed.heart().commitMicros();
    }

    Status status(Duration elapsed) {
        return status.now(elapsed);
    }

    private void reached(Milestone milestone) {
        site.listener().on(new Progress.Reached(milestone));
    }
}

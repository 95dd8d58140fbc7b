package io.crossfade.migrator.alter;

import io.crossfade.migrator.apply.Image;
import io.crossfade.migrator.apply.Markers;
import io.crossfade.migrator.chunk.KeyPoint;
import io.crossfade.migrator.mysql.Server;
import io.crossfade.migrator.row.Row;
import io.crossfade.migrator.session.Lane;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.stream.ChangeLog;
import io.crossfade.migrator.stream.LogEvent;
import io.crossfade.migrator.stream.LogPosition;
import io.crossfade.model.TableName;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Takes the events out of the change log and hands each image to its table's frontier; keeps account of which position is safe to
 * go on from.
 *
 * <p>{@link #run} is one thread's; the rest is safe for many threads.
 */
final class Pump implements Heart.Proof {
    private static final Duration LOOK = Duration.ofMillis(50);

    /** Images handed over together: their keys' weights are asked for in one question. */
    private static final int BATCH_MAX = 256;

    private static final long BATCH_BYTES_MAX = 4L << 20;

    private final ChangeLog log;
    private final List<TableRun> tables;
    private final TableName markerTable;
    private final Markers markers;
    private final Lane weights;
    private final Crew crew;
    private final Room room;
    private final TransactionEnds ends;
    private final TornRows torn;
    private final RenameWatch rename;
    private final List<Pending> pending = new ArrayList<>();
    private volatile LogPosition last;
    private volatile long handed;
    private long ordinal;

    /** So many of the pending images are of transactions that have ended. */
    private int ended;

    /** Of all that are pending, and of those whose transaction is open. */
    private long pendingBytes;

    private long openBytes;

    /**
     * An image that is not handed over yet.
     *
     * @param undo what the key held before
     */
    private record Pending(TableRun table, long ordinal, List<String> key, @Nullable Row row, @Nullable Row undo) {
        private long bytes() {
            return Image.bytes(key, row) + (undo == null ? 0 : undo.bytes());
        }
    }

    Pump(
            ChangeLog log,
            LogPosition from,
            List<TableRun> tables,
            TableName markerTable,
            Markers markers,
            Lane weights,
            Server server,
            Crew crew,
            Room room) {
        this.log = log;
        this.last = from;
        this.tables = List.copyOf(tables);
        this.markerTable = markerTable;
        this.markers = markers;
        this.weights = weights;
        this.crew = crew;
        this.room = room;
        this.ends = new TransactionEnds(from);
        this.torn = new TornRows(room.undoBytesMax());
        this.rename = new RenameWatch(server, tables);
    }

    /** Works until the crew ends or the rename that is expected has come. */
    void run() throws SQLException {
        while (!crew.isEnding() && !rename.hasCome()) {
            LogEvent event = log.next(LOOK);
            if (event == null) {
                hand();
                continue;
            }
            take(event);
            if (pending.size() >= BATCH_MAX || pendingBytes > BATCH_BYTES_MAX || log.backlog() == 0) {
                hand();
            }
        }
    }

    private void take(LogEvent event) throws SQLException {
        if (event instanceof LogEvent.Changed changed) {
            if (changed.table().equals(markerTable)) {
                hand();
                Row after = changed.after();
                if (after != null && after.value(1) instanceof Long number) {
                    markers.seen(number, ordinal);
                }
                return;
            }
            for (TableRun table : tables) {
                if (table.change.source().name().equals(changed.table())) {
                    take(table, changed);
                }
            }
        } else if (event instanceof LogEvent.Rewound) {
            rewind();
        } else if (event instanceof LogEvent.Committed committed) {
            ended = pending.size();
            openBytes = 0;
            torn.forget();
            last = committed.position();
            ends.add(ordinal, committed.position());
        } else if (event instanceof LogEvent.Statement statement) {
            hand();
            rename.look(statement);
        }
    }

    private void take(TableRun table, LogEvent.Changed changed) throws SQLException {
        Row before = changed.before();
        Row after = changed.after();
        if (after != null && table.keys.hasNull(after)) {
            // Read again after such a row was mended, its image is that of a row which is in nobody's ghost.
            weights.run((c, isAgain) -> {
                table.nullKeys.check(c, () -> {});
                return true;
            });
            after = null;
        }
        if (before != null && table.keys.hasNull(before)) {
            before = null;
        }
        List<String> keyAfter = after == null ? List.of() : table.keys.key(after);
        if (before != null) {
            List<String> keyBefore = table.keys.key(before);
            if (after == null || !keyBefore.equals(keyAfter)) {
                add(new Pending(table, ordinal++, keyBefore, null, before));
                before = null;
            }
        }
        if (after != null) {
            add(new Pending(table, ordinal++, keyAfter, after, before));
        }
        if (openBytes > room.transactionBytesMax()) {
            pending.subList(ended, pending.size()).forEach(p -> torn.remember(p.table(), p.key(), p.undo()));
            ended = pending.size();
            openBytes = 0;
        }
    }

    private void add(Pending image) {
        pending.add(image);
        pendingBytes += image.bytes();
        openBytes += image.bytes();
    }

    /**
     * The open transaction will be read from its beginning, perhaps without some of its rows, which were taken back: what has been
     * handed over of it is put back to what it was.
     */
    private void rewind() {
        if (torn.isLost()) {
            throw MigrationException.stopped(
                    "stopped: read of the change log; it broke off within a transaction of more than "
                            + room.undoBytesMax() / (1 << 20)
                            + " MiB of rows; everything up to the last checkpoint is kept;"
                            + " run the same command again; if it ends so again, begin anew with --initially-drop-ghost-table");
        }
        List<Pending> broken = pending.subList(ended, pending.size());
        pendingBytes -= broken.stream().mapToLong(Pending::bytes).sum();
        broken.clear();
        torn.forEach((table, key, row) -> add(new Pending(table, ordinal++, key, row, null)));
        ended = pending.size();
        openBytes = 0;
        torn.forget();
    }

    /** Hands over what was collected, of transactions that have ended. */
    private void hand() throws SQLException {
        while (ended > 0 && !crew.isEnding()) {
            awaitRoom();
            List<Pending> batch = pending.subList(0, batch());
            for (TableRun table : tables) {
                hand(table, batch);
            }
            ended -= batch.size();
            pendingBytes -= batch.stream().mapToLong(Pending::bytes).sum();
            batch.clear();
            handed = pending.isEmpty() ? ordinal : pending.get(0).ordinal();
        }
        handed = pending.isEmpty() ? ordinal : pending.get(0).ordinal();
    }

    /** How many images go together. */
    private int batch() {
        int images = 0;
        long bytes = 0;
        while (images < Math.min(ended, BATCH_MAX) && bytes < BATCH_BYTES_MAX) {
            bytes += pending.get(images++).bytes();
        }
        return images;
    }

    private void hand(TableRun table, List<Pending> batch) throws SQLException {
        List<Pending> ours = tables.size() == 1
                ? batch
                : batch.stream().filter(p -> p.table().equals(table)).toList();
        if (ours.isEmpty()) {
            return;
        }
        if (!table.frontier.needsPoints()) {
            ours.forEach(p -> table.frontier.admit(image(p), null));
            return;
        }
        List<List<String>> keys = ours.stream().map(Pending::key).toList();
        List<KeyPoint> points = table.order.asksServer()
                ? weights.run((c, isAgain) -> table.order.points(c, keys))
                : table.order.points(keys);
        for (int i = 0; i < ours.size(); i++) {
            table.frontier.admit(image(ours.get(i)), points.get(i));
        }
    }

    /** Those that owe do not count among the waiting: what frees their values is still to be read. */
    private void awaitRoom() {
        while (!crew.isEnding()) {
            long owing = tables.stream().mapToLong(t -> t.applier.owingBytes()).sum();
            if (owing > room.owingBytesMax()) {
                throw tooManyOwe();
            }
            long held = tables.stream()
                    .mapToLong(t -> t.frontier.standing().bytes())
                    .sum();
            if (held - owing < room.waitingBytesMax()) {
                return;
            }
            pause();
        }
    }

    private MigrationException tooManyOwe() {
        for (TableRun table : tables) {
            if (table.applier.misfitImages() > 0) {
                return MigrationException.stopped("stopped: read of the change log; " + table.applier.misfitImages()
                        + " rows of " + table.name() + " do not fit the new structure, more than the "
                        + room.owingBytesMax() / (1 << 20)
                        + " MiB that are kept; mend the rows or the ALTER, then begin anew with"
                        + " --initially-drop-ghost-table");
            }
        }
        String seen = tables.stream()
                .filter(t -> t.applier.owingImages() > 0)
                .map(t -> t.applier.owingImages() + " rows of " + t.name())
                .collect(Collectors.joining(", "));
        return MigrationException.stopped("stopped: read of the change log; " + seen
                + " wait for a unique value that another row holds, more than the "
                + room.owingBytesMax() / (1 << 20)
                + " MiB that are kept; look for duplicates under the new structure's unique keys; where there are none, one"
                + " transaction exchanged more values than can be held: begin anew with --initially-drop-ghost-table");
    }

    private static Image image(Pending pending) {
        return new Image(pending.ordinal(), pending.key(), pending.row());
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(2);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public long handed() {
        return handed;
    }

    @Override
    public void visibleUpTo(long visible) {
        tables.forEach(t -> t.frontier.visibleUpTo(visible));
    }

    /** The furthest position before which everything is in the ghosts. */
    LogPosition safePosition() {
        // First how far images were handed over, then what of them is outstanding: not the other way round.
        long upTo = handed;
        long oldest = tables.stream()
                .mapToLong(t -> t.frontier.standing().oldest())
                .min()
                .orElse(Long.MAX_VALUE);
        return ends.lastBefore(Math.min(upTo, oldest));
    }

    LogPosition last() {
        return last;
    }

    /** From now on our own rename may come, and ends the pump. */
    void expectRename(boolean isExpected) {
        rename.expect(isExpected);
    }

    /** The place behind the rename; null where it has not come within this time. */
    @Nullable
    LogPosition awaitRename(Duration atMost) {
        return rename.await(atMost);
    }
}

package io.crossfade.migrator.alter;

import io.crossfade.migrator.apply.Image;
import io.crossfade.migrator.apply.Markers;
import io.crossfade.migrator.chunk.KeyPoint;
import io.crossfade.migrator.row.Row;
import io.crossfade.migrator.session.Lane;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.stream.ChangeLog;
import io.crossfade.migrator.stream.LogEvent;
import io.crossfade.migrator.stream.LogPosition;
import io.crossfade.model.TableName;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes the events out of the change log and hands each image to its table's frontier; keeps account of which position is safe to
 * go on from.
 *
 * <p>{@link #run} is one thread's; the rest is safe for many threads.
 */
final class Pump {
    private static final Duration LOOK = Duration.ofMillis(50);

    /** Images handed over together: their keys' weights are asked for in one question. */
    private static final int BATCH_MAX = 256;

    /** Images that may wait in the frontiers; then the log waits, and with it the server's dump thread. */
    private static final int IMAGES_MAX = 50_000;

    /** Remembered ends of transactions; where there are more, every second one is forgotten, which only costs work after a kill. */
    private static final int ENDS_MAX = 4_096;

    private static final Pattern CHANGES_TABLE = Pattern.compile(
            "(?is)^(\\s|/\\*.*?\\*/)*(alter\\s+(ignore\\s+|online\\s+)*table|drop\\s+table|truncate|rename|create\\s+(or\\s+replace\\s+)?"
                    + "(unique\\s+|fulltext\\s+|spatial\\s+)?index|drop\\s+index|create\\s+.*\\btrigger|repair)\\b.*");

    private final ChangeLog log;
    private final List<TableRun> tables;
    private final TableName markerTable;
    private final Markers markers;
    private final Lane weights;
    private final Crew crew;
    private final Deque<End> ends = new ArrayDeque<>();
    private final CountDownLatch renamed = new CountDownLatch(1);
    private final List<Pending> pending = new ArrayList<>();
    private volatile boolean expectsRename;
    private volatile @Nullable LogPosition renamedAt;
    private volatile LogPosition last;
    private volatile long lastServerMillis;
    private volatile long handed;
    private long ordinal;

    /** Where a transaction ended. */
    private record End(long ordinal, LogPosition position) {}

    private record Pending(TableRun table, long ordinal, List<String> key, @Nullable Row row) {}

    Pump(
            ChangeLog log,
            LogPosition from,
            List<TableRun> tables,
            TableName markerTable,
            Markers markers,
            Lane weights,
            Crew crew) {
        this.log = log;
        this.last = from;
        this.tables = List.copyOf(tables);
        this.markerTable = markerTable;
        this.markers = markers;
        this.weights = weights;
        this.crew = crew;
        ends.add(new End(0, from));
    }

    /** Works until the crew ends or the rename that is expected has come. */
    void run() throws SQLException {
        while (!crew.isEnding() && renamedAt == null) {
            LogEvent event = log.next(LOOK);
            if (event == null) {
                hand();
                continue;
            }
            take(event);
            if (pending.size() >= BATCH_MAX || log.backlog() == 0) {
                hand();
            }
        }
    }

    private void take(LogEvent event) throws SQLException {
        if (event instanceof LogEvent.Changed changed) {
            if (changed.table().isSame(markerTable)) {
                hand();
                Row after = changed.after();
                if (after != null && after.value(1) instanceof Long number) {
                    markers.seen(number, ordinal);
                    proveVisible();
                }
                return;
            }
            for (TableRun table : tables) {
                if (table.change.source().name().isSame(changed.table())) {
                    take(table, changed);
                }
            }
        } else if (event instanceof LogEvent.Committed committed) {
            last = committed.position();
            lastServerMillis = committed.serverMillis();
            synchronized (ends) {
                ends.addLast(new End(ordinal, committed.position()));
                if (ends.size() > ENDS_MAX) {
                    thinOut();
                }
            }
        } else if (event instanceof LogEvent.Statement statement) {
            hand();
            take(statement);
        }
    }

    private void take(TableRun table, LogEvent.Changed changed) throws SQLException {
        Row before = changed.before();
        Row after = changed.after();
        List<String> keyAfter = after == null ? List.of() : table.keys.key(after);
        if (before != null) {
            List<String> keyBefore = table.keys.key(before);
            if (after == null || !keyBefore.equals(keyAfter)) {
                pending.add(new Pending(table, ordinal++, keyBefore, null));
            }
        }
        if (after != null) {
            pending.add(new Pending(table, ordinal++, keyAfter, after));
        }
    }

    /** Hands over what was collected. */
    private void hand() throws SQLException {
        if (pending.isEmpty()) {
            handed = ordinal;
            return;
        }
        for (TableRun table : tables) {
            List<Pending> ours = tables.size() == 1
                    ? pending
                    : pending.stream().filter(p -> p.table().equals(table)).toList();
            if (ours.isEmpty()) {
                continue;
            }
            if (table.frontier.needsPoints()) {
                List<List<String>> keys = ours.stream().map(Pending::key).toList();
                List<KeyPoint> points = table.order.asksServer()
                        ? weights.run((c, isAgain) -> table.order.points(c, keys))
                        : table.order.points(keys);
                for (int i = 0; i < ours.size(); i++) {
                    table.frontier.admit(image(ours.get(i)), points.get(i));
                }
            } else {
                ours.forEach(p -> table.frontier.admit(image(p), null));
            }
        }
        pending.clear();
        handed = ordinal;
        while (tables.stream().mapToInt(t -> t.frontier.standing().images()).sum() > IMAGES_MAX && !crew.isEnding()) {
            pause();
        }
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

    private void take(LogEvent.Statement statement) {
        String text = statement.sql();
        if (!CHANGES_TABLE.matcher(text).matches()) {
            return;
        }
        for (TableRun table : tables) {
            if (!names(text, table.change.source().name().table())) {
                continue;
            }
            boolean isRename = text.toLowerCase(Locale.ROOT).contains("rename")
                    && names(text, table.names.ghost().table())
                    && names(text, table.names.old().table());
            if (isRename && expectsRename) {
                renamedAt = statement.position();
                renamed.countDown();
                return;
            }
            if (!names(text, table.names.ghost().table())) {
                throw MigrationException.stopped("stopped: change of " + table.name()
                        + "; somebody else changed the table"
                        + " meanwhile with " + text.strip().split("\\s+", 2)[0].toUpperCase(Locale.ROOT)
                        + ", so the ghost is of no use any more; the table is theirs, untouched by us; drop the ghost with"
                        + " --initially-drop-ghost-table and begin anew");
            }
        }
    }

    /** Whether a statement's text has this name as a word. */
    private static boolean names(String text, String name) {
        return Pattern.compile("(?iu)(?<![\\w$])" + Pattern.quote(name) + "(?![\\w$])")
                .matcher(text)
                .find();
    }

    /** Tells the frontiers which changes every snapshot sees by now. */
    void proveVisible() {
        long visible = markers.visibleUpTo();
        tables.forEach(t -> t.frontier.visibleUpTo(visible));
    }

    /** The furthest position before which everything is in the ghosts. */
    LogPosition safePosition() {
        synchronized (ends) {
            // First how far images were handed over, then what of them is outstanding: not the other way round.
            long upTo = handed;
            long oldest = tables.stream()
                    .mapToLong(t -> t.frontier.standing().oldest())
                    .min()
                    .orElse(Long.MAX_VALUE);
            End safe = ends.getFirst();
            while (ends.size() > 1) {
                End second = ends.stream().skip(1).findFirst().orElseThrow();
                if (second.ordinal() > oldest || second.ordinal() > upTo) {
                    break;
                }
                ends.removeFirst();
                safe = second;
            }
            return safe.position();
        }
    }

    private void thinOut() {
        Deque<End> kept = new ArrayDeque<>();
        boolean keeps = true;
        for (End end : ends) {
            if (keeps || end.equals(ends.getLast())) {
                kept.add(end);
            }
            keeps = !keeps;
        }
        ends.clear();
        ends.addAll(kept);
    }

    LogPosition last() {
        return last;
    }

    long lastServerMillis() {
        return lastServerMillis;
    }

    /** From now on our own rename may come, and ends the pump. */
    void expectRename(boolean isExpected) {
        expectsRename = isExpected;
    }

    /** The place behind the rename; null where it has not come within this time. */
    @Nullable
    LogPosition awaitRename(Duration atMost) {
        try {
            return renamed.await(atMost.toMillis(), TimeUnit.MILLISECONDS) ? renamedAt : null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }
}

package io.crossfade.migrator.follow;

import io.crossfade.dialect.MySqlDialect;
import io.crossfade.migrator.apply.KeyReader;
import io.crossfade.migrator.chunk.Key;
import io.crossfade.migrator.follow.MappedColumns.Touch;
import io.crossfade.migrator.mysql.Server;
import io.crossfade.migrator.row.Row;
import io.crossfade.migrator.signal.Cancel;
import io.crossfade.migrator.signal.Listener;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.stream.BinlogChangeLog;
import io.crossfade.migrator.stream.ChangeLog;
import io.crossfade.migrator.stream.Endpoint;
import io.crossfade.migrator.stream.LogEvent;
import io.crossfade.migrator.stream.LogPosition;
import io.crossfade.model.Mapping;
import io.crossfade.model.Side;
import io.crossfade.model.Table;
import io.crossfade.state.ChangeState;
import io.crossfade.state.ControlStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Follows the change log of a changing table: finds the row changes after which the two sides of the row disagree, which no driver
 * leaves, counts them, and mends the rows.
 *
 * <pre>
 * log ── row changes that touch a mapping ── Images: which of them disagree? ── Authority: who is right? ── Mending
 *                                                                            └─ Tally ── control tables, with the place
 * </pre>
 *
 * <p>It is the image in the log that is judged, not the row: who wrote past the driver is known also where somebody has written the row
 * again. The row is mended only where it is still that image. What was found and how far the log was read go into the control
 * tables in one transaction, so that after a kill nothing is missed and nothing counted twice.
 *
 * <p>One thread at a time.
 */
public final class Follower implements AutoCloseable {
    private static final Duration LOOK = Duration.ofMillis(50);

    /** The log has to come to where it ended a moment ago. A server that is silent for so long waits for somebody. */
    private static final Duration SILENCE_MAX = Duration.ofSeconds(60);

    /** Images that are judged in one question. */
    private static final int BATCH_MAX = 500;

    private static final long BATCH_BYTES_MAX = 4L << 20;

    /** A kill costs reading again what was written in this time. */
    private static final Duration SAVE_EVERY = Duration.ofSeconds(2);

    private final Connection connection;
    private final MySqlDialect dialect;
    private final ControlStore store;
    private final ChangeState change;
    private final Key key;
    private final KeyReader keys;
    private final List<MappedColumns> mappings;
    private final Images images;
    private final Mending mending;
    private final Cancel cancel;
    private final ChangeLog log;
    private final Writers writers = new Writers();
    private final Tally tally = new Tally();
    private final List<Written> pending = new ArrayList<>();
    /** By key, the number of the last image that touched each mapping, in the order of the log. */
    private final Map<List<String>, long[]> latest = new HashMap<>();

    private FollowPlace place;
    private Written.Origin origin = new Written.Origin();
    private long number;
    private long pendingBytes;
    private long found;
    private long mended;
    private long savedNanos = System.nanoTime();

    private Follower(
            Connection connection,
            Server server,
            ChangeState change,
            Table table,
            Key key,
            FollowPlace place,
            LogPosition from,
            Endpoint endpoint,
            Cancel cancel,
            Listener listener) {
        this.connection = connection;
        this.dialect = server.dialect();
        this.store = new ControlStore(connection);
        this.change = change;
        this.key = key;
        this.keys = new KeyReader(table, key);
        this.mappings = change.change().mappings().stream()
                .filter(Mapping::hasUp)
                .map(m -> MappedColumns.of(m, table))
                .toList();
        this.images = new Images(connection, dialect, change, table, key, mappings);
        this.mending = new Mending(connection, dialect, key, change, images, cancel, listener);
        this.cancel = cancel;
        this.place = place;
        this.log = BinlogChangeLog.open(endpoint, from, Map.of(table.name(), table), server, cancel);
    }

    /**
     * Begins to read where an earlier follower has ended.
     *
     * @param connection a session of its own, in autocommit mode, that holds the change's follower lock
     * @param table the changing table as it is now
     * @throws MigrationException where the log cannot be read from there
     */
    public static Follower open(
            Connection connection,
            Server server,
            ChangeState change,
            Table table,
            Key key,
            FollowPlace place,
            Endpoint endpoint,
            Cancel cancel,
            Listener listener) {
        LogPosition from = place.position();
        if (from == null) {
            throw new IllegalArgumentException("a log is followed from a place on");
        }
        return new Follower(connection, server, change, table, key, place, from, endpoint, cancel, listener);
    }

    /**
     * Reads on to a place in the log and saves how far it came.
     *
     * @param target where the log ended a moment ago
     * @param targetMillis when that was, by the server's clock
     */
    public void catchUp(LogPosition target, long targetMillis) throws SQLException {
        long beganNanos = System.nanoTime();
        boolean isThere = position().covers(target);
        while (!isThere) {
            cancel.check();
            LogEvent event = log.next(LOOK);
            if (event == null) {
                requireMoving(System.nanoTime() - beganNanos < SILENCE_MAX.toNanos());
                continue;
            }
            beganNanos = System.nanoTime();
            if (event instanceof LogEvent.Changed changed) {
                take(changed);
            } else if (event instanceof LogEvent.Rewound) {
                rewind();
            } else if (event instanceof LogEvent.Committed committed) {
                origin.end(committed.session(), committed.serverMillis());
                origin = new Written.Origin();
                place = place.from(committed.position());
                isThere = committed.position().covers(target);
                requireMoving(isThere || committed.serverMillis() - targetMillis < SILENCE_MAX.toMillis());
                if (!isThere && System.nanoTime() - savedNanos > SAVE_EVERY.toNanos()) {
                    settle();
                    save(Math.min(committed.serverMillis(), targetMillis));
                }
            }
            if (pending.size() >= BATCH_MAX || pendingBytes > BATCH_BYTES_MAX) {
                settle();
            }
        }
        settle();
        save(targetMillis);
    }

    private LogPosition position() {
        LogPosition position = place.position();
        if (position == null) {
            throw new IllegalStateException("a follower without a place");
        }
        return position;
    }

    private void requireMoving(boolean isMoving) {
        if (!isMoving) {
            throw MigrationException.stopped("stopped: the change log of "
                    + change.change().table()
                    + " was followed to " + position().shown() + " and came no further for " + SILENCE_MAX.toSeconds()
                    + " s, although the server has written more; an XA transaction that is prepared and not decided (XA"
                    + " RECOVER) has this effect; let it end, then run the same command again");
        }
    }

    private void take(LogEvent.Changed changed) {
        Row before = changed.before();
        Row after = changed.after();
        List<String> keyAfter = after == null ? List.of() : keys.key(after);
        if (before != null) {
            List<String> keyBefore = keys.key(before);
            if (!keyBefore.equals(keyAfter)) {
                latest.remove(keyBefore);
            }
        }
        if (after == null) {
            return;
        }
        List<Touch> touched = new ArrayList<>();
        boolean isJudged = false;
        boolean isTouched = false;
        for (MappedColumns mapping : mappings) {
            Touch touch = mapping.touched(before, after);
            touched.add(touch);
            isTouched |= touch != Touch.NONE;
            isJudged |= touch != Touch.NONE && !mapping.isSame(after);
        }
        if (!isTouched) {
            return;
        }
        Written written = new Written(number++, origin, keyAfter, after, touched);
        long[] last = latest.computeIfAbsent(keyAfter, k -> new long[mappings.size()]);
        for (int i = 0; i < mappings.size(); i++) {
            if (touched.get(i) != Touch.NONE) {
                last[i] = written.number();
            }
        }
        pendingBytes += written.bytes();
        if (isJudged) {
            pending.add(written);
        }
    }

    /** The transaction under way is read again from its beginning. */
    private void rewind() {
        pending.removeIf(w -> w.origin().equals(origin));
        tally.forget(origin);
        latest.clear();
        origin = new Written.Origin();
    }

    /** Has the server judge what is pending, and mends what it finds. */
    private void settle() throws SQLException {
        if (!pending.isEmpty()) {
            images.put(pending);
            for (Map.Entry<Integer, List<Images.Verdict>> one : images.judge().entrySet()) {
                settle(one.getKey(), pending.get(one.getKey()), one.getValue());
            }
        }
        pending.clear();
        latest.clear();
        pendingBytes = 0;
    }

    private void settle(int n, Written written, List<Images.Verdict> verdicts) throws SQLException {
        boolean isFound = false;
        boolean isMended = false;
        Optional<Side> side = Optional.empty();
        boolean isMixed = false;
        for (int i = 0; i < mappings.size(); i++) {
            Touch touch = written.touched().get(i);
            Images.Verdict verdict = verdicts.get(i);
            // A side that nobody wrote may be one that the backfill has not come to yet.
            if (touch == Touch.NONE || verdict.agrees()) {
                continue;
            }
            Optional<Side> meant = Authority.meant(touch, verdict.oldBlank(), verdict.newBlank());
            isMixed |= meant.isEmpty() || isFound && !meant.equals(side);
            side = meant;
            isFound = true;
            if (isLatest(written, i)) {
                Side right = Authority.right(change, mappings.get(i).mapping(), meant);
                isMended |= mending.mend(written.key(), n, mappings.get(i), right);
            }
        }
        if (isFound) {
            String word = isMixed ? "both" : side.orElseThrow() == Side.OLD ? "old" : "new";
            tally.add(written.origin(), word, isMended, key.shown(written.key()));
            found++;
            mended += isMended ? 1 : 0;
        }
    }

    /** What was written again in the same batch is judged by its own image. */
    private boolean isLatest(Written written, int mapping) {
        long[] last = latest.get(written.key());
        return last != null && last[mapping] == written.number();
    }

    private void save(long upToMillis) throws SQLException {
        Map<Long, String> names = tally.hasEnded() ? writers.of(connection, tally.sessions()) : Map.of();
        FollowPlace next = place.at(position(), FollowPlace.history(connection, dialect), upToMillis);
        connection.setAutoCommit(false);
        try {
            if (tally.hasEnded()) {
                tally.save(store, change.change().id(), names);
            }
            next.save(store, change.change().id());
            connection.commit();
        } catch (SQLException e) {
            try {
                connection.rollback();
            } catch (SQLException broken) {
                e.addSuppressed(broken);
            }
            throw e;
        }
        connection.setAutoCommit(true);
        tally.saved();
        place = next;
        savedNanos = System.nanoTime();
    }

    /** How far it has come. */
    public FollowPlace place() {
        return place;
    }

    /** Row changes that it found since it was opened. */
    public long found() {
        return found;
    }

    /** Rows of them that it mended. */
    public long mended() {
        return mended;
    }

    @Override
    public void close() {
        log.close();
    }
}

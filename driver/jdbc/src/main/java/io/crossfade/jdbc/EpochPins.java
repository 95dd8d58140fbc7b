package io.crossfade.jdbc;

import io.crossfade.state.Announcement;
import io.crossfade.state.Snapshot;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What one session has under way, and under which epoch it began. A transaction keeps its snapshot to its end, a statement in
 * autocommit mode while it runs, a pending batch from its first row until it is executed or dropped.
 *
 * <p><b>The race with the acknowledger.</b> A session takes the current snapshot while another thread installs a newer one and
 * looks for sessions that still work under the older. Neither may miss the other. It is Dekker's scheme:
 *
 * <pre>
 *   session                          acknowledger
 *   write own epoch (volatile)       write current snapshot (volatile)
 *   read current snapshot            read every session's epoch
 *   changed? begin again
 * </pre>
 *
 * Volatile accesses have one total order. If the acknowledger does not see the session's epoch, then the session's write came
 * after that read, so its own read sees the newer snapshot and it begins again with that. A batch's epoch is written while the
 * statement that added its row is still pinned, so there is no gap between the two.
 *
 * <p>While a cut-over is announced it also takes note of the tables that are touched: see {@link Gate}.
 *
 * <p>Safe for many threads.
 */
final class EpochPins {

    /** No epoch is pinned. Greater than any epoch, so that the least of several pins is the oldest. */
    static final long NONE = Long.MAX_VALUE;

    private final Supplier<Snapshot> current;
    private volatile long workEpoch = NONE;
    private volatile long batchEpoch = NONE;
    private volatile long sinceMillis;

    private final IdentityHashMap<Object, Long> batches = new IdentityHashMap<>();
    private final Set<String> touched = new HashSet<>();
    private @Nullable Snapshot pinned;
    private int statementsRunning;
    private boolean inTransaction;
    private boolean isInDoubt;

    /**
     * @param current gives the newest snapshot that was installed, by a volatile read
     */
    EpochPins(Supplier<Snapshot> current) {
        this.current = current;
    }

    /** A statement begins; it runs under the snapshot that is returned. */
    synchronized Snapshot enter(boolean beginsTransaction) {
        Snapshot snapshot = pinned;
        if (snapshot == null) {
            snapshot = pin();
        }
        statementsRunning++;
        inTransaction |= beginsTransaction;
        return snapshot;
    }

    /** The statement has come back. */
    synchronized void exit() {
        statementsRunning--;
        releaseIfIdle();
    }

    /** The running statement failed and did nothing, or has ended a transaction: what follows runs under the newest snapshot. */
    synchronized Snapshot renew() {
        touched.clear();
        return pin();
    }

    /** A transaction is open from the running statement on. */
    synchronized void beginTransaction() {
        inTransaction = true;
    }

    synchronized void endTransaction() {
        inTransaction = false;
        releaseIfIdle();
    }

    synchronized boolean isInTransaction() {
        return inTransaction;
    }

    /** A row was added to the batch of a statement, within a running call. */
    synchronized void holdBatch(Object statement) {
        batches.putIfAbsent(statement, workEpoch);
        batchEpoch = oldestBatch();
    }

    /**
     * The rows are about to be sent: if they get into a transaction, that is as old as the oldest of them. Within a running
     * call.
     */
    synchronized void sendBatch(Object statement) {
        Long epoch = batches.get(statement);
        if (epoch != null && epoch < workEpoch) {
            workEpoch = epoch;
        }
    }

    synchronized void releaseBatch(Object statement) {
        if (batches.remove(statement) != null && !isInDoubt) {
            batchEpoch = oldestBatch();
        }
    }

    /**
     * The connection broke, or was cut, while the server may still be at work for it: what is pinned now stays so until the
     * server has forgotten the session.
     */
    synchronized void doubt() {
        if (workEpoch != NONE) {
            isInDoubt = true;
        }
    }

    /** As {@link #doubt}, where a statement of another thread has not come back yet. */
    synchronized void doubtIfRunning() {
        if (statementsRunning > 0) {
            doubt();
        }
    }

    synchronized boolean isInDoubt() {
        return isInDoubt;
    }

    /**
     * The oldest epoch that anything under way began under; {@link #NONE} where nothing is. Under the monitor, since an epoch
     * passes from work to a batch and back: read one after the other, the two could both be seen without it.
     */
    synchronized long oldest() {
        return Math.min(workEpoch, batchEpoch);
    }

    /**
     * What is under way is about to touch these tables.
     *
     * @param announced all that are announced
     * @return those that it may wait for: it has touched no table of their gate before, nor may have; what began before the
     *     announcement took no note
     */
    synchronized List<Announcement> touch(List<Announcement> named, List<Announcement> announced) {
        List<Announcement> first = new ArrayList<>();
        for (Announcement one : named) {
            if (announced.stream().noneMatch(a -> a.gate().equals(one.gate()) && mayTouch(a))) {
                first.add(one);
            }
        }
        named.forEach(one -> touched.add(one.table().key()));
        return first;
    }

    /** It waits, and has not touched them yet. */
    synchronized void untouch(List<Announcement> first) {
        first.forEach(announced -> touched.remove(announced.table().key()));
    }

    /** Whether what is under way may have touched the table, and so may hold a lock of it. */
    synchronized boolean mayTouch(Announcement announced) {
        return workEpoch < announced.epoch()
                || touched.contains(announced.table().key());
    }

    /** When what is under way began, in milliseconds since 1970; of no meaning where nothing is. */
    long sinceMillis() {
        return sinceMillis;
    }

    private Snapshot pin() {
        sinceMillis = System.currentTimeMillis();
        while (true) {
            Snapshot snapshot = current.get();
            workEpoch = snapshot.epoch();
            if (current.get().epoch() == snapshot.epoch()) {
                pinned = snapshot;
                return snapshot;
            }
        }
    }

    private void releaseIfIdle() {
        if (statementsRunning == 0 && !inTransaction && !isInDoubt) {
            pinned = null;
            workEpoch = NONE;
            touched.clear();
        }
    }

    private long oldestBatch() {
        return batches.values().stream().mapToLong(Long::longValue).min().orElse(NONE);
    }
}

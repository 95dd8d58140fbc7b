package io.crossfade.jdbc;

import io.crossfade.sql.Rewriter;
import io.crossfade.state.Announcement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Holds statements that name a table whose cut-over is under way, so that they wait here and not at the table's lock behind
 * somebody's transaction. What has touched the table already goes on to its end. The table lock protects the rows
 * whoever waits or does not, so a statement is held for a bounded time and never refused.
 *
 * <p><b>The race with the acknowledger.</b> A session is about to send a statement while another thread closes the gate and looks for
 * sessions that touch the table. It is the scheme of {@link EpochPins} once more:
 *
 * <pre>
 *   session                               acknowledger
 *   take note: touches the table          close the gate (volatile)
 *   look whether the gate is closed       ask every session what it touches (under its monitor)
 *   closed? take the note back, wait
 * </pre>
 *
 * <p>{@link #pass}: safe for many threads. The rest: confined to the holder of the link's lock, but for what it says of itself.
 */
final class Gate {

    /** A migrator that has died must not keep clients looking often; one that lives moves the gate sooner. Judged. */
    private static final Duration OFTEN_MAX = Duration.ofSeconds(5);

    /** Looks must not be felt by the server, nor a bound by the application, whatever stands in the control tables. Judged. */
    private static final Duration POLL_MIN = Duration.ofMillis(5);

    private static final Duration BOUND_MAX = Duration.ofSeconds(10);

    private final LongSupplier nanoClock;
    private final Map<String, Turn> turns = new HashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private volatile List<Closing> closings = List.of();
    private volatile long oftenUntilNanos;
    private volatile long pollNanos;
    private volatile boolean isAnnounced;

    /** A turn of a gate, and since when it is known, by this client's clock. */
    private record Turn(long number, long sinceNanos) {}

    /** A table whose gate is closed, and until when this client keeps it closed. */
    private record Closing(Announcement announced, long untilNanos) {

        private boolean isLeft(long nowNanos) {
            return nowNanos - untilNanos < 0;
        }

        private boolean isFor(Announcement other) {
            return announced.table().isSame(other.table());
        }
    }

    Gate(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /** Takes the gates as they stand now. */
    void set(List<Announcement> announced) {
        if (announced.isEmpty() && !isAnnounced) {
            return;
        }
        long now = nanoClock.getAsLong();
        List<Closing> closed = new ArrayList<>();
        Map<String, Turn> known = new HashMap<>();
        for (Announcement one : announced) {
            Turn before = turns.get(one.gate());
            Turn turn = before != null && before.number == one.turn() ? before : new Turn(one.turn(), now);
            known.put(one.gate(), turn);
            if (one.isClosed()) {
                closed.add(new Closing(one, turn.sinceNanos + least(one.bound(), BOUND_MAX)));
            }
        }
        turns.clear();
        turns.putAll(known);
        isAnnounced = !announced.isEmpty();
        long youngest =
                known.values().stream().mapToLong(t -> now - t.sinceNanos).min().orElse(OFTEN_MAX.toNanos());
        oftenUntilNanos = now - youngest + OFTEN_MAX.toNanos();
        pollNanos = announced.stream()
                .mapToLong(a -> Math.max(a.poll().toNanos(), POLL_MIN.toNanos()))
                .min()
                .orElse(0);
        closings = List.copyOf(closed);
        lock.lock();
        try {
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private static long least(Duration one, Duration other) {
        return Math.min(one.toNanos(), other.toNanos());
    }

    /** How long until the next look where gates may move soon; empty where the usual pace does. */
    Optional<Duration> poll() {
        return isAnnounced && nanoClock.getAsLong() - oftenUntilNanos < 0
                ? Optional.of(Duration.ofNanos(pollNanos))
                : Optional.empty();
    }

    /** Whether this client holds statements now. */
    boolean isClosed() {
        return !closings.isEmpty() && closings.stream().anyMatch(c -> c.isLeft(nanoClock.getAsLong()));
    }

    /** Whether statements on this table are held now. */
    boolean isClosed(Announcement announced) {
        return closing(List.of(announced)) != null;
    }

    /**
     * Takes note of what statements are about to touch, and holds them while one of their tables is closed that their transaction has
     * not touched before.
     *
     * @param announced what the newest snapshot knows of
     */
    void pass(List<String> texts, List<Announcement> announced, EpochPins pins) {
        List<Announcement> named = named(texts, announced);
        Closing heldBy = null;
        while (!named.isEmpty()) {
            List<Announcement> first = pins.touch(named, announced);
            Closing closing = closing(first);
            if (closing == null || (heldBy != null && !heldBy.isLeft(nanoClock.getAsLong()))) {
                return; // A statement is held for one bound, also where the gate closes again meanwhile.
            }
            heldBy = heldBy == null ? closing : heldBy;
            pins.untouch(first);
            if (!await(first, heldBy.untilNanos)) {
                pins.touch(first, announced);
                return;
            }
        }
    }

    private static List<Announcement> named(List<String> texts, List<Announcement> announced) {
        List<Announcement> named = new ArrayList<>(announced.size());
        for (Announcement one : announced) {
            for (String text : texts) {
                if (Rewriter.mayName(text, one.table())) {
                    named.add(one);
                    break;
                }
            }
        }
        return named;
    }

    private @Nullable Closing closing(List<Announcement> tables) {
        for (Closing closing : closings) {
            if (closing.isLeft(nanoClock.getAsLong()) && tables.stream().anyMatch(closing::isFor)) {
                return closing;
            }
        }
        return null;
    }

    /** Until they are open, at the latest until then; false where the thread was told to stop waiting. */
    private boolean await(List<Announcement> tables, long untilNanos) {
        lock.lock();
        try {
            while (closing(tables) != null) {
                long leftNanos = untilNanos - nanoClock.getAsLong();
                if (leftNanos <= 0) {
                    return true;
                }
                moved.await(leftNanos, TimeUnit.NANOSECONDS);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }
}

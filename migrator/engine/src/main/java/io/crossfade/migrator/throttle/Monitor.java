package io.crossfade.migrator.throttle;

import io.crossfade.migrator.signal.MigrationException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks every signal at its interval, in a thread of its own, and keeps one answer for everybody: the first reason there is.
 * Before the first round is over, and while a signal takes too long to answer, that is a reason too.
 *
 * <p>Safe for many threads.
 */
final class Monitor {

    /** A signal that has not answered by then cannot be read. Longer than a good answer ever takes. */
    private static final Duration ANSWER_BOUND = Duration.ofSeconds(2);

    /** The thread ends within the bound of the question that it has asked. */
    private static final Duration END_BOUND = Duration.ofSeconds(6);

    /** The monitor looks at the clock at least so often. */
    private static final Duration REST_MAX = Duration.ofMillis(500);

    private final List<Watched> watched = new ArrayList<>();
    private final Thread thread = new Thread(this::watch, "crossfade-throttles");
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile String reason = "the throttles have not been asked yet";
    private volatile boolean hasAskedAll;
    private volatile @Nullable String end;
    private volatile @Nullable Question question;

    /** What is being asked just now, and since when. */
    private record Question(String name, long beganNanos) {}

    /** A signal and its last answer. Confined to the monitor's thread. */
    private static final class Watched {
        private final Throttle throttle;
        private Optional<String> answer = Optional.empty();
        private long dueNanos;

        private Watched(Throttle throttle, long now) {
            this.throttle = throttle;
            dueNanos = now;
        }
    }

    Monitor(List<Throttle> throttles) {
        long now = System.nanoTime();
        throttles.forEach(t -> watched.add(new Watched(t, now)));
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Whether every signal has been asked once. */
    boolean hasAskedAll() {
        return hasAskedAll;
    }

    Optional<String> reason() {
        check();
        return Optional.of(shown()).filter(text -> !text.isEmpty());
    }

    /** The reason, empty where there is none; also when the run has to end. */
    String shown() {
        if (!reason.isEmpty()) {
            return reason;
        }
        Question asked = question;
        return asked != null && System.nanoTime() - asked.beganNanos() > ANSWER_BOUND.toNanos()
                ? asked.name() + " has not answered for " + ANSWER_BOUND.toSeconds() + " s"
                : "";
    }

    /** Ends the run where a signal says so. */
    void check() {
        String message = end;
        if (message != null) {
            throw MigrationException.stopped(message);
        }
    }

    private boolean isClosed() {
        return closed.getCount() == 0;
    }

    private void watch() {
        try {
            while (!isClosed() && end == null) {
                long nextNanos = askDue();
                reason = watched.stream()
                        .flatMap(w -> w.answer.stream())
                        .findFirst()
                        .orElse("");
                hasAskedAll = true;
                rest(nextNanos - System.nanoTime());
            }
        } finally {
            if (end == null && !isClosed()) {
                reason = "the thread that asks the throttles has ended";
            }
            watched.forEach(w -> w.throttle.release());
        }
    }

    /** Asks those whose answers are too old; gives the time when the next one is. */
    private long askDue() {
        long nextNanos = System.nanoTime() + REST_MAX.toNanos();
        for (Watched each : watched) {
            if (isClosed() || end != null) {
                return nextNanos;
            }
            if (System.nanoTime() - each.dueNanos >= 0) {
                question = new Question(each.throttle.name(), System.nanoTime());
                each.answer = ask(each.throttle);
                question = null;
                each.dueNanos = System.nanoTime() + each.throttle.every().toNanos();
            }
            nextNanos = nextNanos - each.dueNanos > 0 ? each.dueNanos : nextNanos;
        }
        return nextNanos;
    }

    private Optional<String> ask(Throttle throttle) {
        try {
            return throttle.reason();
        } catch (MigrationException e) {
            end = String.valueOf(e.getMessage());
            return Optional.of(end);
        } catch (SQLException | RuntimeException e) {
            return Optional.of(throttle.name() + " cannot be read: " + e.getMessage());
        }
    }

    private void rest(long nanos) {
        try {
            if (closed.await(nanos, TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            closed.countDown();
        }
    }

    void close() {
        closed.countDown();
        try {
            thread.join(END_BOUND.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

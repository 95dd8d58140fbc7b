package io.crossfade.cli.socket;

import java.lang.ref.WeakReference;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Opens a command's sessions, and ends them all when the server's host has fallen silent. A session that waits for an answer would
 * see that by itself ({@link WatchedSockets}); one whose request was never acknowledged would wait until the operating system
 * gives up, a quarter of an hour. So a session of the watch's own asks for a sign of life, and where none comes, and no new session
 * can be had, nothing of the others is to be hoped for.
 *
 * <p>A server that is slow is not silent: a new session can be had there, or is on its way for as long as the host lives.
 *
 * <p>Safe for many threads; its own ends with {@link #close}.
 */
public final class HostWatch implements AutoCloseable {

    private static final Duration EVERY = Duration.ofSeconds(5);

    /** With the bound for connecting, 10 s, half a minute passes at most. */
    private static final Duration ANSWER_MAX = Duration.ofSeconds(15);

    private final Source source;
    private final Consumer<String> note;
    private final Duration every;
    private final Duration answerMax;
    private final List<WeakReference<Connection>> sessions = new ArrayList<>();
    private boolean isWatching;
    /** Whether the last question or login was left without an answer; the watch's own. */
    private boolean isSuspected;

    private boolean isClosed;

    /** Opens a session within some bound of time, as {@link BoundedLogin} does. */
    @FunctionalInterface
    public interface Source {
        Connection open() throws SQLException;
    }

    /**
     * @param note told of a host that has fallen silent, from the watch's thread
     */
    public HostWatch(Source source, Consumer<String> note) {
        this(source, note, EVERY, ANSWER_MAX);
    }

    HostWatch(Source source, Consumer<String> note, Duration every, Duration answerMax) {
        this.source = source;
        this.note = note;
        this.every = every;
        this.answerMax = answerMax;
    }

    /** A session that is watched until it is closed. */
    public Connection open() throws SQLException {
        Connection connection = source.open();
        synchronized (this) {
            sessions.removeIf(s -> s.refersTo(null) || isGone(s.get()));
            sessions.add(new WeakReference<>(connection));
            if (!isWatching && !isClosed) {
                isWatching = true;
                start(this::watch, "crossfade-host-watch");
            }
        }
        return connection;
    }

    private static boolean isGone(@Nullable Connection connection) {
        try {
            return connection == null || connection.isClosed();
        } catch (SQLException e) {
            return true;
        }
    }

    private void watch() {
        Connection own = null;
        while (rests()) {
            if (own != null && isAnswering(own)) {
                continue;
            }
            own = login();
            isSuspected = own == null;
        }
        end(own);
    }

    /**
     * A new session of its own; ends the others where none can be had and there was a sign of silence before: one login alone may fail for
     * reasons of its own, such as a name that is not found for a moment.
     */
    private @Nullable Connection login() {
        boolean isSecondSign = isSuspected;
        try {
            return source.open();
        } catch (SQLException | RuntimeException e) {
            // An error with a number was sent by a server.
            if (isSecondSign && (!(e instanceof SQLException sql) || sql.getErrorCode() == 0)) {
                endAll();
            }
            return null;
        }
    }

    private boolean isAnswering(Connection own) {
        FutureTask<Boolean> question = new FutureTask<>(() -> own.isValid(0));
        start(question, "crossfade-host-watch-question");
        try {
            return question.get(answerMax.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            isSuspected = true;
            end(own);
        } catch (ExecutionException e) {
            end(own);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    private static void start(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void endAll() {
        List<WeakReference<Connection>> all;
        synchronized (this) {
            all = List.copyOf(sessions);
            sessions.clear();
        }
        if (all.isEmpty()) {
            return;
        }
        note.accept("the server does not answer any more; its sessions are given up");
        all.forEach(s -> end(s.get()));
    }

    /** Without a word to the server, and from any thread. */
    private static void end(@Nullable Connection connection) {
        try {
            if (connection != null) {
                WatchedSockets.cut(connection);
                connection.abort(Runnable::run);
            }
        } catch (SQLException e) {
            // It was lost already.
            return;
        }
    }

    /** False when it is closed. */
    private synchronized boolean rests() {
        long untilNanos = System.nanoTime() + every.toNanos();
        while (!isClosed) {
            long leftMillis = (untilNanos - System.nanoTime()) / 1_000_000;
            if (leftMillis <= 0) {
                return true;
            }
            try {
                wait(leftMillis);
            } catch (InterruptedException e) {
                return false;
            }
        }
        return false;
    }

    /** Ends the watch; its thread goes when its question is answered. Sessions stay as they are. */
    @Override
    public synchronized void close() {
        isClosed = true;
        notifyAll();
    }
}

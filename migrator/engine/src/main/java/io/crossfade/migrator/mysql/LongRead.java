package io.crossfade.migrator.mysql;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A question that the server may work at for long, ended when the run is to end: on the server, too. One thread at a time. */
public final class LongRead {

    private static final long LOOK_MILLIS = 100;

    private final Statement statement;
    private final Runnable check;
    private final Thread thread = new Thread(this::watch, "crossfade-long-read");
    private final CountDownLatch over = new CountDownLatch(1);
    private @Nullable RuntimeException why;

    private LongRead(Statement statement, Runnable check) {
        this.statement = statement;
        this.check = check;
        thread.setDaemon(true);
    }

    /** What is asked. */
    @FunctionalInterface
    public interface Question<T> {
        T ask(Statement statement) throws SQLException;
    }

    /**
     * Asks it.
     *
     * @param check ends the question by throwing; called on a thread of its own, again and again
     */
    public static <T> T of(Connection connection, Runnable check, Question<T> question) throws SQLException {
        check.run();
        try (Statement s = connection.createStatement()) {
            LongRead read = new LongRead(s, check);
            read.thread.start();
            T answer;
            try {
                answer = question.ask(s);
            } catch (SQLException | RuntimeException e) {
                read.end();
                throw e;
            }
            read.end();
            return answer;
        }
    }

    private void watch() {
        try {
            while (!over.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                check.run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            cancel(e);
        }
    }

    /** Not when it is over: what the session is asked next would be ended. */
    private synchronized void cancel(RuntimeException e) {
        if (over.getCount() == 0) {
            return;
        }
        why = e;
        try {
            statement.cancel();
        } catch (SQLException gone) {
            e.addSuppressed(gone);
        }
    }

    private synchronized void end() {
        over.countDown();
        if (why != null) {
            throw why;
        }
    }
}

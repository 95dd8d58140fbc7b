package io.crossfade.migrator.cutover;

import io.crossfade.model.TableName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at a rename that waits while others hold the tables. Tables t1, t2 in the server's lock order; s is the sentry's
 * guard, which comes after both.
 *
 * <pre>
 * holder 1   LOCK t1 ─────────────────────────── UNLOCK
 * holder 2   LOCK t2, s ───────────────────────────────────── DROP s ─ UNLOCK
 * writer              drain
 * renamer                   RENAME … waits for t1 ──── has t1, waits for t2 ──── has all, renames
 * probe 1                     PREPARE … t1: blocked ⇒ the rename is queued at t1
 * probe 2                                           PREPARE … t2: blocked ⇒ it is queued at t2
 * </pre>
 *
 * <p>A table is let go only when the rename is queued for its lock, which then passes to the rename and to nobody before it.
 * The list of sessions shows that the rename waits, but not for which table; a PREPARE does: it wants a lock that the holder's
 * LOCK TABLES allows and a queued RENAME does not.
 *
 * <p>The guard goes last, by the session that holds the last table, after every other holder has let go by its own word. So a
 * holder that dies while it matters leaves the guard behind, and the rename fails without a trace. What was written to a table
 * after the drain can never be renamed away.
 *
 * <p>Confined to the attempt's thread, but for the statements that wait.
 */
final class WaitingRename implements AutoCloseable {
    private static final String WAITS = "Waiting for table metadata lock";

    /** What the rename says as long as the guard is there: a holder was lost. */
    private static final int TABLE_EXISTS = 1050;

    /** Between two looks at the list of sessions. */
    private static final long POLL_NANOS = 300_000;

    /** From the unlock on nothing is in the rename's way; the watchdog has ended it long before. */
    private static final Duration ANSWER_MAX = Duration.ofSeconds(30);

    private final Statements statements;
    private final List<Swap> swaps;
    private final Sentry sentry;
    private final Session monitor;
    private final Hold hold;
    private final List<Session> holders;
    private final List<Session> probes;
    private final Session renamer;
    private final Session writer;
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "crossfade-cut-over-waiting");
        thread.setDaemon(true);
        return thread;
    });
    private @Nullable SQLException refusal;

    WaitingRename(
            Statements statements,
            List<Swap> swaps,
            Sentry sentry,
            List<Session> sessions,
            Session monitor,
            Hold hold) {
        this.statements = statements;
        this.swaps = swaps;
        this.sentry = sentry;
        this.monitor = monitor;
        this.hold = hold;
        this.holders = List.copyOf(sessions.subList(0, swaps.size()));
        this.probes = List.copyOf(sessions.subList(swaps.size(), 2 * swaps.size()));
        this.renamer = sessions.get(2 * swaps.size());
        this.writer = sessions.get(2 * swaps.size() + 1);
    }

    /** The statement that waits. */
    String rename() {
        return "RENAME TABLE " + statements.to(sentry.decoy(), sentry.guard()) + ", "
                + statements.rename(swaps).substring("RENAME TABLE ".length());
    }

    /** An error that a further attempt would meet again. */
    @Nullable
    SQLException refusal() {
        return refusal;
    }

    Attempt run(Drain drain, Watchdog watchdog) {
        String doing = "the locks were not had";
        Future<?> rename = null;
        try {
            lock();
            doing = "the drain was cut short";
            Duration left = hold.leftBeforeRename();
            if (left.isNegative()
                    || !drain.drain(writer.connection, left)
                    || hold.leftBeforeRename().isNegative()) {
                release();
                return Attempt.notDone(hold.elapsed(), "what was left to apply did not fit into the time");
            }
            doing = "the rename was not done";
            rename = send(renamer, rename());
            hand(rename);
            await(rename);
            return Attempt.done(hold.elapsed());
        } catch (SQLException e) {
            if (!Session.isPassing(e) && e.getErrorCode() != TABLE_EXISTS) {
                refusal = e;
            }
            release();
            Outcome outcome = rename == null ? Outcome.NOT_DONE : Outcome.UNKNOWN;
            return new Attempt(
                    outcome, hold.elapsed(), doing + (watchdog.hasFired() ? " in time" : ": " + Session.said(e)));
        }
    }

    private void lock() throws SQLException {
        for (int i = 0; i < holders.size(); i++) {
            Stream<TableName> own = Stream.of(swaps.get(i).table());
            boolean isLast = i == holders.size() - 1;
            holders.get(i).execute(statements.lock(isLast ? Stream.concat(own, Stream.of(sentry.guard())) : own));
        }
    }

    /** Hands each table's lock to the rename, in the order in which it asks for them. */
    private void hand(Future<?> rename) throws SQLException {
        for (int i = 0; i < holders.size(); i++) {
            awaitQueued(rename, probes.get(i), swaps.get(i).table());
            if (i == holders.size() - 1) {
                holders.get(i).execute("DROP TABLE " + statements.quoted(sentry.guard()));
            }
            holders.get(i).execute("UNLOCK TABLES");
        }
    }

    private void awaitQueued(Future<?> rename, Session probe, TableName table) throws SQLException {
        Future<?> probing = null;
        while (hold.deadlineNanos() - System.nanoTime() > 0) {
            if (rename.isDone()) {
                await(rename);
                throw new SQLException("the rename did not wait", "08000");
            }
            if (probing != null && isWaiting(probe)) {
                return;
            }
            if (isWaiting(renamer) && (probing == null || probing.isDone())) {
                if (probing != null) {
                    await(probing);
                }
                probing = send(
                        probe,
                        "PREPARE crossfade_probe FROM 'SELECT 1 FROM "
                                + statements.quoted(table).replace("\\", "\\\\").replace("'", "''")
                                + "'");
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        throw new SQLException("the rename was not queued for " + table + " in time", "08000");
    }

    private boolean isWaiting(Session session) throws SQLException {
        try (Statement s = monitor.connection.createStatement();
                ResultSet r = s.executeQuery(
                        "SELECT STATE FROM information_schema.PROCESSLIST WHERE ID = " + session.mark.id())) {
            return r.next() && WAITS.equals(r.getString(1));
        }
    }

    private Future<?> send(Session session, String sql) {
        return threads.submit(() -> {
            session.execute(sql);
            return sql;
        });
    }

    private static void await(Future<?> statement) throws SQLException {
        try {
            statement.get(ANSWER_MAX.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SQLException cause) {
                throw cause;
            }
            throw new SQLException("a statement of the cut-over failed", "08000", e);
        } catch (TimeoutException e) {
            throw new SQLException("no answer within " + ANSWER_MAX.toSeconds() + " s", "08000", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted", "08000", e);
        }
    }

    /** Takes the rename back first, then lets the writers go on. */
    private void release() {
        kill(renamer);
        for (Session holder : holders) {
            try {
                holder.execute("UNLOCK TABLES");
            } catch (SQLException gone) {
                kill(holder);
            }
        }
    }

    private void kill(Session session) {
        try {
            monitor.execute("KILL " + session.mark.id());
        } catch (SQLException gone) {
            return;
        }
    }

    /** Ends the statements that still wait, so that their sessions can be closed. */
    @Override
    public void close() {
        threads.shutdown();
        for (Session probe : probes) {
            kill(probe);
        }
        if (!threads.isTerminated()) {
            kill(renamer);
        }
        try {
            if (!threads.awaitTermination(ANSWER_MAX.toSeconds(), TimeUnit.SECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

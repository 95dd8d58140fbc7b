package io.crossfade.migrator.checksum;

import io.crossfade.migrator.chunk.ChunkSize;
import io.crossfade.migrator.chunk.Cut;
import io.crossfade.migrator.chunk.KeyRange;
import io.crossfade.migrator.session.Lane;
import io.crossfade.migrator.signal.Cancel;
import io.crossfade.migrator.signal.MigrationException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Compares every row of two tables that are to be the same while both are written, without a table lock. A chunk is read on both sides at the same
 * moment; where the sums differ its rows are compared one by one, and those that differ are settled with the change log's help.
 *
 * <p>A chunk is short on purpose: the fewer milliseconds between the two looks, the fewer rows change in between.
 *
 * <p>One thread at a time; it has one helper of its own for the second look.
 */
public final class Checksum {

    /** Both looks of a chunk together. */
    private static final Duration CHUNK = Duration.ofMillis(30);

    private static final int CHUNK_ROWS_MIN = 100;
    private static final int CHUNK_ROWS_MAX = 20_000;

    /**
     * Suspects that wait to be settled together: each settlement waits for the log twice, and where a table is written all the time there
     * are some in most chunks. What it looks at is the rows as they are then, so it may be later.
     */
    private static final int SUSPECTS_MAX = 250;

    /** How long both looks of one chunk may take at most, locks and throttled servers included. */
    private static final Duration LOOK_MAX = Duration.ofMinutes(10);

    private final ChunkSums sums;
    private final Settlement settlement;
    private final Patient patient;

    /** For the helper, which carries nothing. */
    private final Patient aside;

    private final Lane first;
    private final Lane second;
    private final Beside beside;
    private final Cancel cancel;

    /**
     * The sessions that it takes.
     *
     * @param first in autocommit mode, for the table in use
     * @param second another, for the one that is to be the same
     * @param writer in manual commit, READ COMMITTED, for repairs
     */
    public record Lanes(Lane first, Lane second, Lane writer) {}

    /** What goes on beside the comparison, between two of its chunks. */
    public interface Beside {

        /** Waits where something holds the run back. */
        void await() throws SQLException;

        /**
         * Is told the rows compared so far.
         *
         * @return whether to go on; else the rest is not compared
         */
        boolean compared(long rows) throws SQLException;
    }

    public Checksum(Direction direction, CatchUp catchUp, Lanes lanes, Beside beside, Cancel cancel) {
        this.sums = direction.sums();
        this.settlement = new Settlement(direction, catchUp, lanes.first(), lanes.writer(), cancel);
        this.patient = new Patient(catchUp::pass, cancel);
        this.aside = new Patient(() -> {}, cancel);
        this.first = lanes.first();
        this.second = lanes.second();
        this.beside = beside;
        this.cancel = cancel;
    }

    /**
     * What a pass found. Immutable.
     *
     * @param isWhole whether all rows were compared
     */
    public record Result(long rows, long repaired, boolean isWhole) {}

    /**
     * Compares the whole table; returns only where nothing differs any more.
     *
     * @throws MigrationException of kind DIFFERENT where some rows stay different
     */
    public Result run() throws SQLException {
        ExecutorService helper = Executors.newSingleThreadExecutor(work -> {
            Thread thread = new Thread(work, "crossfade-checksum");
            thread.setDaemon(true);
            return thread;
        });
        try {
            return run(helper);
        } finally {
            helper.shutdownNow();
        }
    }

    private Result run(ExecutorService helper) throws SQLException {
        Cut cut = new Cut(sums.key());
        ChunkSize size = new ChunkSize(CHUNK, CHUNK_ROWS_MIN, CHUNK_ROWS_MAX);
        long rows = 0;
        long repairedBefore = settlement.repaired();
        int rowsAtRest = CHUNK_ROWS_MAX;
        Set<List<String>> suspects = new LinkedHashSet<>();
        List<String> after = List.of();
        boolean isAtEnd = false;
        while (!isAtEnd) {
            cancel.check();
            beside.await();
            long beganNanos = System.nanoTime();
            List<String> from = after;
            int wanted = Math.min(size.rows(), rowsAtRest);
            KeyRange range = patient.read(first, (c, isAgain) -> cut.next(c, from, wanted));
            Looked looked = compare(helper, range);
            cut.held(range, looked.rows());
            rows += looked.rows();
            rowsAtRest = rowsAtRest(wanted, looked, rowsAtRest);
            if (wanted == size.rows()) {
                size.took(Duration.ofNanos(System.nanoTime() - beganNanos));
            }
            suspects.addAll(looked.suspects());
            if (suspects.size() >= SUSPECTS_MAX) {
                settlement.settle(suspects);
                suspects.clear();
            }
            boolean goesOn = beside.compared(rows);
            after = range.upTo();
            isAtEnd = after.isEmpty();
            if (!goesOn && !isAtEnd) {
                return new Result(rows, settlement.repaired() - repairedBefore, false);
            }
        }
        settlement.settle(suspects);
        return new Result(rows, settlement.repaired() - repairedBefore, true);
    }

    /**
     * How many rows the next chunk may have. Each row of one that looks different is read once more by itself, so chunks are made small enough
     * that three in four stand still while both sides are read. Where very many look different they were not written just now, and the next
     * chunk would be no better for being small.
     */
    private static int rowsAtRest(int wanted, Looked looked, int before) {
        return looked.suspects().isEmpty() || looked.suspects().size() > looked.rows() / 4
                ? Math.min(CHUNK_ROWS_MAX, before + before / 4)
                : Math.max(CHUNK_ROWS_MIN, wanted / 2);
    }

    /** What a chunk gave. */
    private record Looked(long rows, Set<List<String>> suspects) {}

    private Looked compare(ExecutorService helper, KeyRange range) throws SQLException {
        Future<ChunkSums.Sum> shadow = helper.submit(() -> aside.read(second, (c, isAgain) -> sums.shadow(c, range)));
        ChunkSums.Sum used = patient.read(first, (c, isAgain) -> sums.used(c, range));
        if (used.equals(result(shadow))) {
            return new Looked(used.rows(), Set.of());
        }
        Future<Map<List<String>, Long>> shadowRows =
                helper.submit(() -> aside.read(second, (c, isAgain) -> sums.shadowRows(c, range)));
        Map<List<String>, Long> usedRows = patient.read(first, (c, isAgain) -> sums.usedRows(c, range));
        return new Looked(used.rows(), suspects(usedRows, result(shadowRows)));
    }

    private static Set<List<String>> suspects(Map<List<String>, Long> used, Map<List<String>, Long> shadow) {
        Set<List<String>> suspects = new LinkedHashSet<>();
        used.forEach((key, hash) -> {
            if (!Objects.equals(shadow.get(key), hash)) {
                suspects.add(key);
            }
        });
        shadow.keySet().stream().filter(key -> !used.containsKey(key)).forEach(suspects::add);
        return suspects;
    }

    private static <T> T result(Future<T> future) throws SQLException {
        try {
            return future.get(LOOK_MAX.toSeconds(), java.util.concurrent.TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw MigrationException.stopped("stopped: checksum; interrupted; run the same command again");
        } catch (java.util.concurrent.TimeoutException e) {
            future.cancel(true);
            throw MigrationException.stopped("stopped: checksum; one chunk took longer than " + LOOK_MAX.toMinutes()
                    + " min; run the same command again");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SQLException sql) {
                throw sql;
            }
            if (e.getCause() instanceof MigrationException migration) {
                throw migration;
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}

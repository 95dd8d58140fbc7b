package io.crossfade.migrator.checksum;

import io.crossfade.dialect.Dialect;
import io.crossfade.migrator.apply.GhostSql;
import io.crossfade.migrator.chunk.ChunkSize;
import io.crossfade.migrator.chunk.Cut;
import io.crossfade.migrator.chunk.KeyRange;
import io.crossfade.migrator.ghost.TableChange;
import io.crossfade.migrator.session.Lane;
import io.crossfade.migrator.signal.Cancel;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.throttle.Throttles;
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
import java.util.function.LongConsumer;

/**
 * Compares every row of source and ghost while both are written, without a table lock. A chunk is read on both sides at the same
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

    private final TableChange change;
    private final ChunkSums sums;
    private final Settlement settlement;
    private final Lane first;
    private final Lane second;
    private final Throttles throttles;
    private final Cancel cancel;

    /**
     * @param first a session in autocommit mode for the source's side
     * @param second another for the ghost's
     * @param writer a session in manual commit, READ COMMITTED, for repairs
     */
    public Checksum(
            Dialect dialect,
            TableChange change,
            GhostSql sql,
            CatchUp catchUp,
            Lane first,
            Lane second,
            Lane writer,
            Throttles throttles,
            Cancel cancel) {
        this.change = change;
        this.sums = new ChunkSums(change, new RowHash(dialect, change));
        this.settlement = new Settlement(change, sums, sql, catchUp, first, writer, cancel);
        this.first = first;
        this.second = second;
        this.throttles = throttles;
        this.cancel = cancel;
    }

    /** What a pass found. Immutable. */
    public record Result(long rows, long repaired) {}

    /**
     * Compares the whole table; returns only where nothing differs any more.
     *
     * @param seen told the rows compared so far
     * @throws MigrationException of kind DIFFERENT where some rows stay different
     */
    public Result run(LongConsumer seen) throws SQLException {
        ExecutorService beside = Executors.newSingleThreadExecutor(work -> {
            Thread thread = new Thread(work, "crossfade-checksum");
            thread.setDaemon(true);
            return thread;
        });
        try {
            return run(beside, seen);
        } finally {
            beside.shutdownNow();
        }
    }

    private Result run(ExecutorService beside, LongConsumer seen) throws SQLException {
        Cut cut = new Cut(change.sourceKey());
        ChunkSize size = new ChunkSize(CHUNK, CHUNK_ROWS_MIN, CHUNK_ROWS_MAX);
        long rows = 0;
        long repairedBefore = settlement.repaired();
        int rowsAtRest = CHUNK_ROWS_MAX;
        Set<List<String>> suspects = new LinkedHashSet<>();
        List<String> after = List.of();
        boolean isAtEnd = false;
        while (!isAtEnd) {
            cancel.check();
            throttles.await();
            long beganNanos = System.nanoTime();
            List<String> from = after;
            int wanted = Math.min(size.rows(), rowsAtRest);
            KeyRange range = first.run((c, isAgain) -> cut.next(c, from, wanted));
            Looked looked = compare(beside, range);
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
            seen.accept(rows);
            after = range.upTo();
            isAtEnd = after.isEmpty();
        }
        settlement.settle(suspects);
        return new Result(rows, settlement.repaired() - repairedBefore);
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

    private Looked compare(ExecutorService beside, KeyRange range) throws SQLException {
        Future<ChunkSums.Sum> ghost = beside.submit(() -> second.run((c, isAgain) -> sums.ghost(c, range)));
        ChunkSums.Sum source = first.run((c, isAgain) -> sums.source(c, range));
        if (source.equals(result(ghost))) {
            return new Looked(source.rows(), Set.of());
        }
        Future<Map<List<String>, Long>> ghostRows =
                beside.submit(() -> second.run((c, isAgain) -> sums.ghostRows(c, range)));
        Map<List<String>, Long> sourceRows = first.run((c, isAgain) -> sums.sourceRows(c, range));
        return new Looked(source.rows(), suspects(sourceRows, result(ghostRows)));
    }

    private static Set<List<String>> suspects(Map<List<String>, Long> source, Map<List<String>, Long> ghost) {
        Set<List<String>> suspects = new LinkedHashSet<>();
        source.forEach((key, hash) -> {
            if (!Objects.equals(ghost.get(key), hash)) {
                suspects.add(key);
            }
        });
        ghost.keySet().stream().filter(key -> !source.containsKey(key)).forEach(suspects::add);
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
            throw MigrationException.stopped("stopped: checksum; one chunk of the ghost took longer than "
                    + LOOK_MAX.toMinutes() + " min; run the same command again");
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

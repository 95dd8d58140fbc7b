package io.crossfade.migrator.alter;

import io.crossfade.dialect.MySqlDialect;
import io.crossfade.migrator.apply.Applier;
import io.crossfade.migrator.apply.Frontier;
import io.crossfade.migrator.apply.GhostSql;
import io.crossfade.migrator.apply.KeyReader;
import io.crossfade.migrator.checkpoint.AlterCheckpoint;
import io.crossfade.migrator.checkpoint.CheckpointTable;
import io.crossfade.migrator.chunk.KeyOrder;
import io.crossfade.migrator.chunk.KeyPoint;
import io.crossfade.migrator.copy.ChunkCopy;
import io.crossfade.migrator.copy.ChunkSource;
import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.migrator.ghost.TableChange;
import io.crossfade.migrator.mysql.GhostNames;
import io.crossfade.migrator.mysql.NullKeys;
import io.crossfade.migrator.signal.Cancel;
import io.crossfade.migrator.signal.Listener;
import io.crossfade.migrator.signal.Progress;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What one run holds of one table. Its parts are safe for many threads or say whose they are. */
final class TableRun {
    final TableAlter alter;
    final GhostNames names;
    final TableChange change;
    final CheckpointTable checkpoints;
    final KeyOrder order;
    final KeyReader keys;
    final NullKeys nullKeys;
    final GhostSql sql;
    final Frontier frontier;
    final ChunkSource chunks;
    final ChunkCopy copy;

    /** Only whoever holds {@link #writing} may use it. */
    final Applier applier;

    /** Held by whoever writes changes into the ghost: the applier's thread, or the cut-over. */
    final ReentrantLock writing = new ReentrantLock();

    final AtomicLong rowsCopied = new AtomicLong();
    final AtomicLong rowsApplied = new AtomicLong();
    volatile long rowsTotal;
    volatile AlterCheckpoint checkpoint;

    /**
     * @param arrived the point of the checkpoint's last key; null where none arrived
     */
    TableRun(
            MySqlDialect dialect,
            TableAlter alter,
            GhostNames names,
            TableChange change,
            AlterCheckpoint checkpoint,
            KeyOrder order,
            @Nullable KeyPoint arrived,
            Cancel cancel,
            Listener listener) {
        this.alter = alter;
        this.names = names;
        this.change = change;
        this.checkpoint = checkpoint;
        this.order = order;
        this.checkpoints = new CheckpointTable(dialect, names.checkpoint());
        this.keys = new KeyReader(change.source(), change.sourceKey());
        this.nullKeys = new NullKeys(change);
        this.sql = new GhostSql(dialect, change, names.ghost());
        this.frontier = new Frontier(arrived, checkpoint.isComplete());
        this.chunks = new ChunkSource(change.sourceKey(), order, frontier, checkpoint.isComplete());
        this.copy = new ChunkCopy(change, sql, cancel, error -> listener.on(new Progress.CopiedAgain(error)));
        this.applier = new Applier(sql, change.source().name().toString());
        rowsCopied.set(checkpoint.rowsCopied());
        rowsApplied.set(checkpoint.rowsApplied());
    }

    String name() {
        return change.source().name().toString();
    }
}

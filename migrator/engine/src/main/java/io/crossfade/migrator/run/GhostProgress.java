package io.crossfade.migrator.run;

import io.crossfade.migrator.alter.Alteration;
import io.crossfade.migrator.alter.Status;
import io.crossfade.migrator.signal.Cancel;
import io.crossfade.migrator.signal.Listener;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.signal.Progress;
import io.crossfade.model.TableName;
import java.time.Duration;

/** Tells every second how the copy into a ghost gets on, on a thread of its own that ends with {@link #close}. */
final class GhostProgress implements AutoCloseable {

    /** As often as somebody looks. */
    private static final Duration EVERY = Duration.ofSeconds(1);

    private final Alteration alteration;
    private final TableName ghost;
    private final Listener listener;
    private final Cancel end = new Cancel();
    private final Thread thread = new Thread(this::tell, "crossfade-ghost-progress");

    private GhostProgress(Alteration alteration, TableName ghost, Listener listener) {
        this.alteration = alteration;
        this.ghost = ghost;
        this.listener = listener;
    }

    static GhostProgress of(Alteration alteration, TableName ghost, Listener listener) {
        GhostProgress progress = new GhostProgress(alteration, ghost, listener);
        progress.thread.setDaemon(true);
        progress.thread.start();
        return progress;
    }

    private void tell() {
        try {
            while (true) {
                end.pause(EVERY);
                Status status = alteration.status();
                if (status.rowsTotal() > 0 && !status.left().isZero() && !status.isDropping()) {
                    listener.on(rows(status, false));
                }
            }
        } catch (MigrationException ended) {
            return;
        }
    }

    /** Tells of the end. */
    void done() {
        listener.on(rows(alteration.status(), true));
    }

    private Progress.Rows rows(Status status, boolean isDone) {
        double seconds = Math.max(1e-3, status.elapsedCopy().toMillis() / 1000.0);
        return new Progress.Rows(
                "copy to " + ghost.table(),
                status.rowsCopied(),
                status.rowsTotal(),
                status.rowsCopied(),
                status.chunkRows(),
                status.rowsCopied() / seconds,
                isDone);
    }

    @Override
    public void close() {
        end.request();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

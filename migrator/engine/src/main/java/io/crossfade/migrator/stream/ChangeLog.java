package io.crossfade.migrator.stream;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A server's change log, read from a position on. Its reader has a thread of its own and a bounded queue; when that is full the
 * server is made to wait, nothing is thrown away.
 *
 * <p>{@link #next} is for one thread at a time; {@link #close} for any.
 */
public interface ChangeLog extends AutoCloseable {

    /**
     * The next event; null where none came within this time.
     *
     * @throws io.crossfade.migrator.signal.MigrationException where the log cannot be read any more (purged, partial images,
     *     an event that cannot be decoded, no connection within the bound): what, where, what to do
     */
    @Nullable
    LogEvent next(Duration atMost);

    /** Events read from the server and not yet taken. */
    int backlog();

    /** The backlog's bound. */
    int backlogMax();

    @Override
    void close();
}

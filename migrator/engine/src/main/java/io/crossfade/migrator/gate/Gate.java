package io.crossfade.migrator.gate;

import java.time.Duration;
import java.util.Optional;

/**
 * Keeps clients away from tables for the moment in which their names are exchanged, as far as clients can be asked. It protects
 * nothing: the table locks do. It keeps statements from waiting at these locks behind other transactions.
 *
 * <p>One thread at a time. No method fails over the gate itself: without it the cut-over goes by the locks alone.
 */
public interface Gate extends AutoCloseable {

    /** Nobody to ask. */
    Gate NONE = new Gate() {
        @Override
        public void approach() {}

        @Override
        public Optional<String> hold(Duration atMost) {
            return Optional.empty();
        }

        @Override
        public void open() {}

        @Override
        public void close() {}
    };

    /** An attempt is near: clients are told, and those that can be heard look often when this returns. */
    void approach();

    /**
     * Closes the gate: clients hold new statements, and what has touched the tables goes on to its end.
     *
     * @return empty where nobody is left that may touch the tables; else who is, and the gate is open again
     */
    Optional<String> hold(Duration atMost);

    /** Opens the gate where it is closed. */
    void open();

    /** Opens it, and takes the announcement back. */
    @Override
    void close();
}

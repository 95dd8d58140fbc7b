package io.crossfade.migrator.signal;

/** Who is told how a run gets on. Called on the run's own thread, and so must not block. */
@FunctionalInterface
public interface Listener {

    void on(Progress progress);
}

package io.crossfade.jdbc;

import io.crossfade.flag.Shares;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The process that a link lives in. A test gives a clock of its own, and a simulated process threads that it runs itself.
 * Immutable.
 *
 * @param identity who it is
 * @param nanoClock {@link System#nanoTime}, or a test's own
 * @param starter starts a thread
 * @param flags what a source of flags asks for; null where the settings name the source
 */
record HostProcess(
        ClientIdentity identity, LongSupplier nanoClock, Consumer<Thread> starter, @Nullable Supplier<Shares> flags) {

    /** This JVM. */
    static HostProcess here(LongSupplier nanoClock) {
        return new HostProcess(ClientIdentity.create(), nanoClock, Thread::start, null);
    }
}

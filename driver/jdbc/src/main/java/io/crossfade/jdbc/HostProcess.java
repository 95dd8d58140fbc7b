package io.crossfade.jdbc;

import io.crossfade.dialect.Dialect;
import io.crossfade.flag.Shares;
import io.crossfade.sql.Catalog;
import io.crossfade.sql.Rewriter;
import java.util.function.BiFunction;
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
 * @param rewriters makes the rewriter of a link
 * @param flags what a source of flags asks for; null where the settings name the source
 */
record HostProcess(
        ClientIdentity identity,
        LongSupplier nanoClock,
        Consumer<Thread> starter,
        BiFunction<Dialect, Catalog, Rewriter> rewriters,
        @Nullable Supplier<Shares> flags) {

    /** This JVM. */
    static HostProcess here(LongSupplier nanoClock) {
        return new HostProcess(ClientIdentity.create(), nanoClock, Thread::start, Rewriter::new, null);
    }
}

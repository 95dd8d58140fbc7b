package io.crossfade.jdbc;

import io.crossfade.flag.Shares;
import io.crossfade.jdbc.flag.Asker;
import io.crossfade.jdbc.flag.FlagFeed;
import io.crossfade.state.Snapshot;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The shares of reads that the client's flags ask for: those of the process, where it has its own, else those of the source that the
 * settings name; none where they name none.
 *
 * <p>Safe for many threads.
 */
final class ClientFlags {

    /** How long the first connection waits for the first word of flags, where a change is open. Judged, not measured. */
    private static final Duration FIRST_MAX = Duration.ofSeconds(2);

    private final Supplier<Snapshot> current;
    private final @Nullable Supplier<Shares> own;
    private final @Nullable FlagFeed feed;

    /**
     * @param current gives the newest snapshot that was installed, by a volatile read
     */
    ClientFlags(HostProcess process, DriverSettings settings, Supplier<Snapshot> current) {
        this.current = current;
        this.own = process.flags();
        this.feed = FlagFeed.of(
                        settings.flags().source(),
                        settings.flags().poll(),
                        asker(process.identity(), settings),
                        current)
                .orElse(null);
    }

    private static Asker asker(ClientIdentity identity, DriverSettings settings) {
        return new Asker(settings.application(), identity.host(), identity.text(), identity.version());
    }

    /** By one volatile read. */
    Shares shares() {
        if (own != null) {
            return own.get();
        }
        return feed == null ? Shares.NONE : feed.shares();
    }

    /** Begins to ask the source. */
    void start(String address) {
        if (feed != null) {
            feed.start(address);
        }
    }

    void awaitFirstLook() {
        if (feed != null && !current.get().isQuiet()) {
            feed.awaitFirstLook(FIRST_MAX);
        }
    }

    void close() {
        if (feed != null) {
            feed.close();
        }
    }
}

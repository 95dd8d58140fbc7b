package io.crossfade.jdbc.flag;

import io.crossfade.flag.FlagAnswer;
import io.crossfade.flag.FlagException;
import java.util.Optional;
import java.util.Set;

/** A place that says which share of reads should go to new. One thread at a time, except {@link #close}. */
interface FlagSource extends AutoCloseable {

    /** How messages name it: no secret, nothing that a log may not hold. */
    String name();

    /**
     * Looks at the source. Bounded in time.
     *
     * @param openChanges the changes whose flags are wanted; a source may tell of more
     * @return what it says now; empty where it says what it said at the last look
     */
    Optional<FlagAnswer> look(Set<String> openChanges) throws FlagException, InterruptedException;

    /** Asks to be called when the source has news, where it can tell. The call must come back at once. */
    default void onNews(Runnable news) {
        // It is looked at in any case.
    }

    /** Ends what it has open. */
    @Override
    default void close() {
        // Most have nothing.
    }
}

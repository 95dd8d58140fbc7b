package io.crossfade.migrator.throttle;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/** One reason to hold back. Asked by the monitor's thread alone. */
public interface Throttle {

    /** What costs a query is asked twice a second: soon enough to react, seldom enough to be no load. */
    Duration EVERY = Duration.ofMillis(500);

    /** What costs nothing, such as a file or a number of our own. */
    Duration EVERY_LOCAL = Duration.ofMillis(100);

    /**
     * Why to hold back now, in words; empty where there is no reason. A signal that cannot be read is a reason, so an exception
     * here holds back too.
     *
     * @throws io.crossfade.migrator.signal.MigrationException of kind STOPPED where holding back is not enough
     */
    Optional<String> reason() throws SQLException;

    /** How long an answer is good for. */
    default Duration every() {
        return EVERY;
    }

    /** What is asked, for messages. */
    default String name() {
        return getClass().getSimpleName();
    }

    /** Gives connections back; asking again opens new ones. */
    default void release() {}
}

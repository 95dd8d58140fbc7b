package io.crossfade.migrator.throttle;

import java.sql.SQLException;
import java.util.Optional;

/** One reason to wait before the next chunk. One thread at a time. */
public interface Throttle {

    /**
     * Why to wait now, in words; empty where there is no reason. A signal that cannot be read is a reason.
     *
     * @throws io.crossfade.migrator.signal.MigrationException of kind STOPPED where waiting is not enough
     */
    Optional<String> reason() throws SQLException;
}

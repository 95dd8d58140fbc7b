package io.crossfade.migrator.throttle;

import io.crossfade.model.TableName;
import java.util.List;

/** Makes the reasons to hold back while one table is worked at. */
@FunctionalInterface
public interface TableThrottles {

    /** Asked anew for each piece of work; each signal gives its connections back at the end of it. */
    List<Throttle> of(TableName table);
}

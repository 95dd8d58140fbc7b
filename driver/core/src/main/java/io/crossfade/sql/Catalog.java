package io.crossfade.sql;

import io.crossfade.model.Table;
import io.crossfade.model.TableName;
import java.util.Optional;

/** The server's tables as the planner sees them; asked only when a plan is made. */
public interface Catalog {

    /** The table as it stands now, views included; empty where there is none. May ask the server. */
    Optional<Table> table(TableName name);
}

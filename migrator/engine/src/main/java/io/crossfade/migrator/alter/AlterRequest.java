package io.crossfade.migrator.alter;

import io.crossfade.migrator.ghost.Rules;
import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.migrator.mysql.Switches;
import java.util.List;

/**
 * What is asked of one run. Immutable.
 *
 * @param tables the tables that change; more than one exchange their names in one atomic cut-over
 * @param switches the server's settings that the run may change
 */
public record AlterRequest(List<TableAlter> tables, Rules rules, Bounds bounds, Switches switches) {

    public AlterRequest(List<TableAlter> tables, Rules rules, Bounds bounds) {
        this(tables, rules, bounds, Switches.NONE);
    }

    public AlterRequest {
        tables = List.copyOf(tables);
    }

    /** The rules that each table is planned by: several change together or not at all, which only ghosts can do. */
    public Rules plannedBy() {
        return tables.size() > 1 ? rules.withRoute(Rules.Route.GHOST) : rules;
    }
}

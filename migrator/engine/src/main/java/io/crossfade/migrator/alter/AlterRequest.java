package io.crossfade.migrator.alter;

import io.crossfade.migrator.ghost.Rules;
import io.crossfade.migrator.ghost.TableAlter;
import java.util.List;

/**
 * What is asked of one run. Immutable.
 *
 * @param tables the tables that change; more than one exchange their names in one atomic cut-over
 */
public record AlterRequest(List<TableAlter> tables, Rules rules, Bounds bounds) {

    public AlterRequest {
        tables = List.copyOf(tables);
    }
}

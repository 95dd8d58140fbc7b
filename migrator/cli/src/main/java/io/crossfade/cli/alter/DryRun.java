package io.crossfade.cli.alter;

import io.crossfade.migrator.alter.AlterRequest;
import io.crossfade.migrator.ghost.TableAlter;
import java.sql.Connection;
import java.sql.SQLException;

/** Without {@code --execute}: what would be done. Changes nothing. */
final class DryRun {
    private DryRun() {}

    static void show(AlterRequest request, Target target, Surroundings around) throws SQLException {
        try (Connection connection = target.connections().open()) {
            around.out()
                    .println("dry run on " + target.source() + ", database " + connection.getCatalog()
                            + "; nothing is changed without --execute");
            for (TableAlter each : request.tables()) {
                around.out().println("  ALTER TABLE " + each.table() + " " + each.alter());
            }
        }
    }
}

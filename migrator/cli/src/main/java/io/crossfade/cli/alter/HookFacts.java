package io.crossfade.cli.alter;

import io.crossfade.cli.operate.OperatedRun;
import io.crossfade.cli.operate.StatusLine;
import io.crossfade.migrator.alter.AlterRequest;
import io.crossfade.migrator.alter.Status;
import io.crossfade.migrator.mysql.GhostNames;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** What hooks are told, by gh-ost's names without their prefix. Reads the run's status when asked. */
final class HookFacts {
    private final AlterOptions options;
    private final AlterRequest request;
    private final OperatedRun run;
    private final Supplier<GhostNames> names;
    private final BooleanSupplier isInstant;

    /**
     * @param names of the tables beside, as far as they are known
     * @param isInstant whether the server made the change at once
     */
    HookFacts(
            AlterOptions options,
            AlterRequest request,
            OperatedRun run,
            Supplier<GhostNames> names,
            BooleanSupplier isInstant) {
        this.options = options;
        this.request = request;
        this.run = run;
        this.names = names;
        this.isInstant = isInstant;
    }

    Map<String, String> values() {
        Status status = run.status().get();
        GhostNames tables = names.get();
        Map<String, String> values = new HashMap<>();
        values.put("DATABASE_NAME", run.database());
        values.put("TABLE_NAME", run.table());
        values.put("GHOST_TABLE_NAME", tables.ghost().table());
        values.put("OLD_TABLE_NAME", tables.old().table());
        values.put("DDL", request.tables().get(0).alter());
        values.put("ELAPSED_SECONDS", seconds(status.elapsed().toMillis()));
        values.put("ELAPSED_COPY_SECONDS", seconds(status.elapsedCopy().toMillis()));
        values.put("ESTIMATED_ROWS", Long.toString(status.rowsTotal()));
        values.put("COPIED_ROWS", Long.toString(status.rowsCopied()));
        values.put("INSPECTED_LAG", seconds(run.replicaLagMillis().getAsLong()));
        values.put("HEARTBEAT_LAG", seconds(status.lagMillis()));
        values.put("PROGRESS", String.format(Locale.ROOT, "%f", StatusLine.percent(status)));
        values.put(
                "ETA_SECONDS",
                status.left().isNegative() ? "-1" : Long.toString(status.left().toSeconds()));
        values.put("MIGRATED_HOST", run.applier());
        values.put("INSPECTED_HOST", run.inspector());
        values.put("EXECUTING_HOST", Hints.executing());
        values.put("HOOKS_HINT", options.ops.hooksHint);
        values.put("HOOKS_HINT_OWNER", options.ops.hooksHintOwner);
        values.put("HOOKS_HINT_TOKEN", options.ops.hooksHintToken);
        values.put("DRY_RUN", Boolean.toString(!options.target.execute));
        values.put("REVERT", Boolean.toString(options.state.revert));
        values.put("INSTANT_DDL", Boolean.toString(isInstant.getAsBoolean()));
        return values;
    }

    private static String seconds(long millis) {
        return String.format(Locale.ROOT, "%f", millis / 1000.0);
    }
}

package io.crossfade.cli.alter;

import io.crossfade.migrator.alter.AlterRequest;
import io.crossfade.migrator.signal.MigrationException;

/** {@code --status}: the last run of a table, and whether it can be reverted. */
final class LastRun {
    private LastRun() {}

    /** Why it cannot be shown. */
    static MigrationException notKept(AlterRequest request, Target target) {
        return MigrationException.refused("cannot show the last run of "
                + request.tables().get(0).table() + " on " + target.source()
                + ": this version keeps nothing to show; ask the run at work by its socket");
    }
}

package io.crossfade.migrator.alter;

import io.crossfade.migrator.checkpoint.AlterCheckpoint;
import io.crossfade.migrator.checkpoint.AlterCheckpoint.Step;
import io.crossfade.migrator.checkpoint.CheckpointTable;
import io.crossfade.migrator.mysql.GhostNames;
import io.crossfade.migrator.mysql.OldTables;
import io.crossfade.migrator.signal.Progress;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * What becomes of the old table when a change is carried out: it is kept for the way back, or dropped. Before its first row goes that is
 * noted, so that nobody goes back to what is left of it.
 *
 * <p>One thread at a time.
 */
final class Aftermath {
    private final Site site;
    private final Connection control;

    Aftermath(Site site, Connection control) {
        this.site = site;
        this.control = control;
    }

    /**
     * Keeps or drops, as the rules say; a drop that was begun is finished whatever they say.
     *
     * @param done a checkpoint of a change that is over
     */
    void of(GhostNames names, AlterCheckpoint done) throws SQLException {
        CheckpointTable checkpoints = new CheckpointTable(site.server().dialect(), names.checkpoint());
        if (done.step() != Step.DROPPING && !site.request().rules().dropsOldAfter()) {
            site.listener()
                    .on(new Progress.Note("the old table is kept as " + names.old()
                            + ", for the way back; drop it when all is well"));
            checkpoints.save(control, done.at(Step.ENDED));
            return;
        }
        checkpoints.save(control, done.at(Step.DROPPING));
        // In the zone in which its rows were written: else the server misses them in an index that depends on it.
        try (Connection writer = site.sessions().openForDdl()) {
            new OldTables(writer, site.throttles()::await, site.operator(), site.listener()).dropInPieces(names.old());
        }
        checkpoints.drop(control);
    }
}

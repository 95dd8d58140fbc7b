package io.crossfade.migrator.alter;

import io.crossfade.migrator.checkpoint.AlterCheckpoint;
import io.crossfade.migrator.checkpoint.AlterCheckpoint.Step;
import io.crossfade.migrator.mysql.GhostNames;
import io.crossfade.migrator.mysql.GhostTables;
import io.crossfade.model.TableName;
import java.util.Optional;

/** Where a table comes from that is in the way of a change, as far as the last change of the table tells. */
final class Origin {

    private Origin() {}

    /**
     * Behind "table x exists, ".
     *
     * @param before the last change, whatever became of it
     */
    static String of(TableName left, GhostNames names, Optional<AlterCheckpoint> before) {
        Optional<AlterCheckpoint> over = before.filter(b -> b.step().isOver());
        if (over.isEmpty()) {
            return GhostTables.UNKNOWN_ORIGIN;
        }
        AlterCheckpoint last = over.get();
        if (last.step().keepsWayBack() && left.table().equals(last.old())) {
            return "the old table of the last change, which can be taken back as long as it is there (ALTER TABLE … "
                    + last.alter() + ")";
        }
        if (last.step() == Step.REVERTED && left.equals(names.ghost())) {
            return "the new structure of the last change, which was taken back (ALTER TABLE … " + last.alter() + ")";
        }
        return GhostTables.UNKNOWN_ORIGIN;
    }
}

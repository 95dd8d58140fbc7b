package io.crossfade.migrator.ghost;

import io.crossfade.model.TableName;
import org.jspecify.annotations.Nullable;

/**
 * One table and what is to become of it. Immutable.
 *
 * @param alter what stands behind {@code ALTER TABLE t}: {@code ADD COLUMN note INT NOT NULL DEFAULT 0}
 * @param mode the words of sql_mode by which its text is read; null where it is the server's own
 */
public record TableAlter(TableName table, String alter, @Nullable String mode) {

    public TableAlter(TableName table, String alter) {
        this(table, alter, null);
    }

    /** The same, as it was read when it was begun. */
    public TableAlter readBy(@Nullable String words) {
        return new TableAlter(table, alter, words);
    }
}

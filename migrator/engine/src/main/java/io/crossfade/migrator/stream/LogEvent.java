package io.crossfade.migrator.stream;

import io.crossfade.migrator.row.Row;
import io.crossfade.model.TableName;
import org.jspecify.annotations.Nullable;

/** Something that the change log says, of the watched tables alone. Immutable. */
public sealed interface LogEvent {

    /**
     * A row changed.
     *
     * @param before its image before; null for an INSERT
     * @param after its image after; null for a DELETE
     */
    record Changed(TableName table, @Nullable Row before, @Nullable Row after) implements LogEvent {}

    /**
     * A transaction ended, of whatever table; not given for every one where nothing watched was in it.
     *
     * @param position the place after it
     * @param serverMillis when the server wrote it, by the server's clock, to the second
     * @param session the id of the session that wrote it; 0 where the log does not tell, as on MariaDB
     */
    record Committed(LogPosition position, long serverMillis, long session) implements LogEvent {
        public Committed(LogPosition position, long serverMillis) {
            this(position, serverMillis, 0);
        }
    }

    /**
     * A statement that names a watched table in its text (DDL: RENAME, ALTER, DROP, TRUNCATE).
     *
     * @param position the place after it
     */
    record Statement(String schema, String sql, LogPosition position) implements LogEvent {}

    /** The connection was lost and found again: the transaction under way is read from its beginning, so forget its changes. */
    record Rewound(String reason) implements LogEvent {}
}

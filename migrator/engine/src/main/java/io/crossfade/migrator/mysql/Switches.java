package io.crossfade.migrator.mysql;

import java.util.List;

/**
 * Which of the server's settings a run may change, as it was asked to. Immutable.
 *
 * @param toRow binlog_format, to ROW where it is another; it is not set back
 * @param onMeanwhile global variables that are ON while the run lasts, and what they were before when it ends
 */
public record Switches(boolean toRow, List<String> onMeanwhile) {

    /** The server's own threads for its redo log. */
    public static final String REDO_WRITERS = "innodb_log_writer_threads";

    public static final Switches NONE = new Switches(false, List.of());

    public Switches {
        onMeanwhile = List.copyOf(onMeanwhile);
    }
}

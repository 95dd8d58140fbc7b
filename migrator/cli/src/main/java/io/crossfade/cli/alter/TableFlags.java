package io.crossfade.cli.alter;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The tables beside yours. Set by the command line, then read only. */
final class TableFlags {

    @Option(
            names = "--initially-drop-ghost-table",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "drop a ghost table that an earlier run left")
    boolean initiallyDropGhostTable;

    @Option(
            names = "--initially-drop-old-table",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "drop an old table that an earlier run left")
    boolean initiallyDropOldTable;

    @Option(
            names = "--ok-to-drop-table",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "drop the old table after the cut-over; this ends the way back")
    boolean okToDropTable;

    @Option(
            names = "--timestamp-old-table",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "put the time into the old table's name")
    boolean timestampOldTable;

    @Option(
            names = "--force-table-names",
            paramLabel = "STEM",
            description = "the stem of the names of ghost and old table")
    @Nullable
    String forceTableNames;
}

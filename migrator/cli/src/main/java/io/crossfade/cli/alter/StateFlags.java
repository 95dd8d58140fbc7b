package io.crossfade.cli.alter;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What an earlier run left, and going back. Set by the command line, then read only. */
final class StateFlags {

    @Option(
            names = "--checkpoint",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "accepted: checkpoints are kept always")
    boolean checkpoint;

    @Option(
            names = "--checkpoint-seconds",
            paramLabel = "SECONDS",
            description = "how often, at least 10; else every 3 s")
    @Nullable
    String checkpointSeconds;

    @Option(
            names = "--resume",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "accepted: the same command goes on from the last checkpoint always")
    boolean resume;

    @Option(
            names = "--revert",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "swap the old table back, with everything that was written since")
    boolean revert;

    @Option(
            names = "--skip-checksum",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "with --revert: swap without comparing the tables first, for who has to be back at once")
    boolean skipChecksum;

    @Option(names = "--old-table", paramLabel = "NAME", description = "with --revert: the table to go back to")
    @Nullable
    String oldTable;

    @Option(
            names = "--status",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "show the last run of this table, and whether it can be reverted")
    boolean status;
}

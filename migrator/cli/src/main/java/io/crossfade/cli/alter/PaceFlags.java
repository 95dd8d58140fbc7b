package io.crossfade.cli.alter;

import picocli.CommandLine.Option;

/** How hard it works. Set by the command line, then read only. */
final class PaceFlags {

    @Option(names = "--threads", paramLabel = "N", description = "chunks copied at once")
    int threads = 2;

    @Option(
            names = "--chunk-time",
            paramLabel = "SECONDS",
            description = "how long one chunk should take; its size follows")
    double chunkTime = 0.1;

    @Option(
            names = "--chunk-size",
            paramLabel = "ROWS",
            description =
                    "rows of a chunk at most, 10 to 100000; else the first has 1000, and the next as many as take --chunk-time")
    int chunkSize;

    @Option(
            names = "--dml-batch-size",
            paramLabel = "ROWS",
            description = "row changes applied in one transaction, 1 to 1000; else as many as is fastest")
    int dmlBatchSize;

    @Option(
            names = "--nice-ratio",
            paramLabel = "R",
            description = "rest after a chunk, as a multiple of its time, 0 to 100")
    double niceRatio;

    @Option(
            names = "--default-retries",
            paramLabel = "N",
            description = "attempts at a step before the run stops, resumable")
    int defaultRetries = 60;

    @Option(
            names = "--defer-indexes",
            paramLabel = "WHEN",
            description =
                    "build plain indexes when the rows are in: always, never, or auto: from 100,000 rows on, where"
                            + " nobody replicates from the server")
    String deferIndexes = "auto";

    @Option(
            names = "--exact-rowcount",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "count the rows, beside the copy, instead of estimating")
    boolean exactRowcount;

    @Option(
            names = "--concurrent-rowcount",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "false: count them before the copy")
    boolean concurrentRowcount = true;

    @Option(
            names = "--binlogsyncer-max-reconnect-attempts",
            paramLabel = "N",
            description = "accepted: the reader of the change log has a bound of its own")
    int binlogsyncerMaxReconnectAttempts;
}

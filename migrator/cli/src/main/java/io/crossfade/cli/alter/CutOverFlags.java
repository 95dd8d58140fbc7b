package io.crossfade.cli.alter;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How the tables exchange their names. Set by the command line, then read only. */
final class CutOverFlags {

    @Option(
            names = "--cut-over",
            paramLabel = "KIND",
            description = "atomic, default or two-step; all are carried out atomically")
    String cutOver = "atomic";

    @Option(
            names = "--cut-over-lock-timeout-millis",
            paramLabel = "MS",
            description = "how long one attempt may hold writers")
    long cutOverLockTimeoutMillis = 200;

    @Option(
            names = "--cut-over-lock-timeout-seconds",
            paramLabel = "SECONDS",
            description = "the same in gh-ost's unit")
    @Nullable
    String cutOverLockTimeoutSeconds;

    @Option(
            names = "--client-gate-millis",
            paramLabel = "MS",
            description =
                    "how long one attempt may hold the statements of applications behind the driver; 0: there is no gate")
    long clientGateMillis = 200;

    @Option(
            names = "--cut-over-exponential-backoff",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "accepted: the pause between attempts grows always")
    boolean cutOverExponentialBackoff;

    @Option(names = "--exponential-backoff-max-interval", paramLabel = "SECONDS", description = "up to this")
    long exponentialBackoffMaxInterval = 64;

    @Option(
            names = "--postpone-cut-over-flag-file",
            paramLabel = "FILE",
            description =
                    "put the cut-over off while this file exists; it is made at the start, and the cut-over waits until somebody removes it")
    @Nullable
    Path postponeCutOverFlagFile;

    @Option(
            names = "--force-named-cut-over",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "unpostpone must name the table")
    boolean forceNamedCutOver;

    @Option(
            names = "--force-named-panic",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "panic must name the table")
    boolean forceNamedPanic;

    @Option(
            names = "--panic-flag-file",
            paramLabel = "FILE",
            description = "end at once, without cleaning up, when this file appears")
    @Nullable
    Path panicFlagFile;

    @Option(
            names = "--skip-metadata-lock-check",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "accepted: the outcome of a cut-over is asked of the server")
    boolean skipMetadataLockCheck;

    @Option(
            names = "--allow-setup-metadata-lock-instruments",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "accepted: nothing is set up")
    boolean allowSetupMetadataLockInstruments;

    @Option(
            names = "--analyze-ghost-table-before-cutover",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "accepted: it is analyzed always")
    boolean analyzeGhostTableBeforeCutover;

    @Option(
            names = "--kill-blockers",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "end sessions whose transaction is in the way of the cut-over; else they are named")
    boolean killBlockers;
}

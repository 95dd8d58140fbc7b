package io.crossfade.cli.alter;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** When it holds back. Set by the command line, then read only. */
final class ThrottleFlags {

    @Option(
            names = "--max-lag-millis",
            paramLabel = "MS",
            description = "hold back while a replica or the reader of the change log is further behind")
    long maxLagMillis = 1500;

    @Option(
            names = "--max-commit-latency-millis",
            paramLabel = "MS",
            description = "hold back while the server takes longer for a commit of the run's own; 0: whatever it takes")
    long maxCommitLatencyMillis;

    @Option(
            names = "--max-statement-millis",
            paramLabel = "MS",
            description =
                    "hold back while more than 1 %% of the drivers' statements on the table take longer; 0: no limit")
    long maxStatementMillis;

    @Option(
            names = "--heartbeat-interval-millis",
            paramLabel = "MS",
            description = "how often the change log's lag is measured")
    int heartbeatIntervalMillis = 100;

    @Option(names = "--replication-lag-query", paramLabel = "SQL", description = "accepted: replaced by the heartbeat")
    String replicationLagQuery = "";

    @Option(
            names = "--throttle-control-replicas",
            paramLabel = "HOSTS",
            description = "replicas whose lag counts: host1:3306,host2:3306")
    String throttleControlReplicas = "";

    @Option(names = "--throttle-query", paramLabel = "SQL", description = "asked each second; above 0 holds back")
    String throttleQuery = "";

    @Option(names = "--throttle-http", paramLabel = "URL", description = "asked by HEAD; anything but 200 holds back")
    String throttleHttp = "";

    @Option(names = "--throttle-http-interval-millis", paramLabel = "MS", description = "how often")
    long throttleHttpIntervalMillis = 100;

    @Option(names = "--throttle-http-timeout-millis", paramLabel = "MS", description = "how long an answer may take")
    long throttleHttpTimeoutMillis = 1000;

    @Option(
            names = "--ignore-http-errors",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "no answer is no reason")
    boolean ignoreHttpErrors;

    @Option(names = "--throttle-flag-file", paramLabel = "FILE", description = "hold back while this file exists")
    @Nullable
    Path throttleFlagFile;

    @Option(
            names = "--throttle-additional-flag-file",
            paramLabel = "FILE",
            description = "a second one, for several runs at once; by default gh-ost.throttle in the temporary folder")
    @Nullable
    String throttleAdditionalFlagFile;

    @Option(
            names = "--max-load",
            paramLabel = "LIMITS",
            description = "hold back above these: Threads_running=25,Threads_connected=500")
    String maxLoad = "";

    @Option(names = "--critical-load", paramLabel = "LIMITS", description = "end, resumable, above these")
    String criticalLoad = "";

    @Option(
            names = "--critical-load-interval-millis",
            paramLabel = "MS",
            description = "end only where a second look after this finds it critical still")
    long criticalLoadIntervalMillis;

    @Option(
            names = "--critical-load-hibernate-seconds",
            paramLabel = "SECONDS",
            description = "instead of ending, lie still for so long")
    long criticalLoadHibernateSeconds;
}

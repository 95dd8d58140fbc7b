package io.crossfade.cli.alter;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Watching it and talking to it. Set by the command line, then read only. */
final class OpsFlags {

    @Option(
            names = "--serve-socket-file",
            paramLabel = "FILE",
            description = "where commands are taken; by default gh-ost.DATABASE.TABLE.sock in the temporary folder")
    @Nullable
    String serveSocketFile;

    @Option(
            names = "--serve-tcp-port",
            paramLabel = "PORT",
            description = "take commands there too, on the loopback address alone; 0: no")
    int serveTcpPort;

    @Option(
            names = "--initially-drop-socket-file",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "remove a socket file that is there already")
    boolean initiallyDropSocketFile;

    @Option(names = "--hooks-path", paramLabel = "FOLDER", description = "executables gh-ost-on-... to run on the way")
    @Nullable
    Path hooksPath;

    @Option(names = "--hooks-hint", paramLabel = "TEXT", description = "handed to hooks")
    String hooksHint = "";

    @Option(names = "--hooks-hint-owner", paramLabel = "TEXT", description = "handed to hooks")
    String hooksHintOwner = "";

    @Option(names = "--hooks-hint-token", paramLabel = "TEXT", description = "handed to hooks")
    String hooksHintToken = "";

    @Option(
            names = "--hooks-timeout",
            paramLabel = "SECONDS",
            description = "how long a hook on the run's way may take; those that only tell have at most 10 minutes")
    long hooksTimeout = 3600;

    @Option(
            names = "--hooks-status-interval",
            paramLabel = "SECONDS",
            description = "how often gh-ost-on-status runs; 0: never")
    long hooksStatusInterval = 60;

    @Option(names = "--statsd-addr", paramLabel = "HOST:PORT", description = "send numbers there by UDP")
    String statsdAddr = "";

    @Option(names = "--statsd-tags", paramLabel = "TAGS", description = "put on each: env:prod,team:shop")
    String statsdTags = "";

    @Option(
            names = "--runtime-metrics-interval",
            paramLabel = "SECONDS",
            description = "how often numbers are sent; 0: never")
    long runtimeMetricsInterval = 10;

    @Option(
            names = "--check-flag",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "NAME",
            description = "say whether this flag, or all others that are given, are known, and do nothing else")
    @Nullable
    String checkFlag;

    @Option(
            names = "--verbose",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "also the lesser steps")
    boolean verbose;

    @Option(
            names = "--debug",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "as --verbose --stack")
    boolean debug;

    @Option(
            names = "--stack",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "with the stack traces of errors")
    boolean stack;

    @Option(
            names = "--quiet",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "errors alone")
    boolean quiet;

    @Option(
            names = "--json",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "one JSON object a line")
    boolean json;
}

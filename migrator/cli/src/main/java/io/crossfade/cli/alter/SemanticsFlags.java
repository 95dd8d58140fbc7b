package io.crossfade.cli.alter;

import picocli.CommandLine.Option;

/** What is allowed. Set by the command line, then read only. */
final class SemanticsFlags {

    @Option(names = "--route", paramLabel = "ROUTE", description = "cheapest, instant, inplace or ghost")
    String route = "cheapest";

    @Option(
            names = "--accept-lint",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "go on past findings that would refuse")
    boolean acceptLint;

    @Option(
            names = "--attempt-instant-ddl",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "accepted: the cheapest safe route is taken always")
    boolean attemptInstantDdl;

    @Option(
            names = "--approve-renamed-columns",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "a renamed column keeps its values")
    boolean approveRenamedColumns;

    @Option(
            names = "--skip-renamed-columns",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "a renamed column is taken for one dropped and one added")
    boolean skipRenamedColumns;

    @Option(
            names = "--allow-nullable-unique-key",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "a unique key with NULLable columns may be used, on your word that no row has a NULL there")
    boolean allowNullableUniqueKey;

    @Option(
            names = "--discard-foreign-keys",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "the new table gets no foreign keys")
    boolean discardForeignKeys;

    @Option(
            names = "--skip-foreign-key-checks",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "do not look for foreign keys")
    boolean skipForeignKeyChecks;

    @Option(
            names = "--skip-strict-mode",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "values that do not fit are bent as the server likes")
    boolean skipStrictMode;

    @Option(
            names = "--allow-zero-in-date",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "accepted: zero dates pass always")
    boolean allowZeroInDate;

    @Option(
            names = "--panic-on-warnings",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "accepted: a row that does not pass unchanged ends the run always")
    boolean panicOnWarnings;

    @Option(
            names = "--include-triggers",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "carry triggers over")
    boolean includeTriggers;

    @Option(names = "--trigger-suffix", paramLabel = "SUFFIX", description = "put behind their names")
    String triggerSuffix = "";

    @Option(
            names = "--remove-trigger-suffix-if-exists",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "taken off instead, where a name has it already")
    boolean removeTriggerSuffixIfExists;
}

package io.crossfade.cli.alter;

import picocli.CommandLine.Option;

/** Where it works, in the words of gh-ost. Set by the command line, then read only. */
final class ModeFlags {

    @Option(
            names = "--allow-on-master",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "accepted: the change is made on the source always")
    boolean allowOnMaster;

    @Option(
            names = "--allow-master-master",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "work where two servers replicate from each other")
    boolean allowMasterMaster;

    @Option(
            names = "--migrate-on-replica",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "change the table on the replica itself")
    boolean migrateOnReplica;

    @Option(
            names = "--test-on-replica",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description =
                    "try the change on the replica itself: stop its replication, exchange the tables and exchange them back; the ghost"
                            + " stays for comparison")
    boolean testOnReplica;

    @Option(
            names = "--test-on-replica-skip-replica-stop",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description =
                    "with --test-on-replica: the replication is stopped by somebody else, such as the hook stop-replication, and"
                            + " waited for")
    boolean testOnReplicaSkipReplicaStop;

    @Option(
            names = "--switch-to-rbr",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "set the server's binlog_format to ROW where it is another; it is not set back")
    boolean switchToRbr;

    @Option(
            names = "--switch-log-writer-threads",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description =
                    "set the server's innodb_log_writer_threads to ON for the time of the run where it is OFF: no commit waits 0.1 s now and"
                            + " then while rows are copied")
    boolean switchLogWriterThreads;

    @Option(
            names = "--assume-rbr",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "accepted: the log's format is looked at always")
    boolean assumeRbr;

    @Option(
            names = "--gtid",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "accepted: GTIDs are used where the server has them")
    boolean gtid;

    @Option(
            names = "--replica-server-id",
            paramLabel = "ID",
            description = "the id that the reader of the change log registers with")
    long replicaServerId = 99999;

    @Option(names = "--storage-engine", paramLabel = "NAME", description = "accepted where it is innodb")
    String storageEngine = "innodb";

    @Option(
            names = "--aliyun-rds",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "accepted")
    boolean aliyunRds;

    @Option(
            names = "--gcp",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "accepted")
    boolean gcp;

    @Option(
            names = "--azure",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "accepted")
    boolean azure;

    @Option(
            names = "--tungsten",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "accepted")
    boolean tungsten;

    @Option(
            names = "--skip-port-validation",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "accepted")
    boolean skipPortValidation;
}

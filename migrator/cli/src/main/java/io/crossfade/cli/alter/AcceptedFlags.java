package io.crossfade.cli.alter;

import io.crossfade.migrator.signal.MigrationException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** gh-ost's flags that change nothing here: each is said once. Those that would promise something untrue are refused. Immutable. */
final class AcceptedFlags {
    private static final Map<String, String> WHY = new LinkedHashMap<>();

    static {
        WHY.put("charset", "the connection agrees on utf8mb4 by itself");
        WHY.put("allow-on-master", "the change is made on the source always");
        WHY.put("assume-rbr", "the log's format is looked at always");
        WHY.put("gtid", "GTIDs are used where the server has them");
        WHY.put("storage-engine", "ghost tables are of the source's engine");
        WHY.put("aliyun-rds", "nothing depends on it");
        WHY.put("gcp", "nothing depends on it");
        WHY.put("azure", "nothing depends on it");
        WHY.put("tungsten", "name the source by --assume-master-host");
        WHY.put("skip-port-validation", "the port is not validated");
        WHY.put("binlogsyncer-max-reconnect-attempts", "the reader of the change log has a bound of its own");
        WHY.put("replication-lag-query", "lag is measured by heartbeat");
        WHY.put("cut-over-exponential-backoff", "the pause between attempts grows always");
        WHY.put("skip-metadata-lock-check", "the outcome of a cut-over is asked of the server");
        WHY.put("allow-setup-metadata-lock-instruments", "no instruments are needed");
        WHY.put("analyze-ghost-table-before-cutover", "the ghost is analyzed before each cut-over always");
        WHY.put("attempt-instant-ddl", "the cheapest safe route is taken always; see --route");
        WHY.put("allow-zero-in-date", "zero dates pass always, as rows that are there already have them");
        WHY.put("panic-on-warnings", "a row that does not pass ends the run always");
        WHY.put("checkpoint", "checkpoints are kept always");
        WHY.put("resume", "the same command goes on from the last checkpoint always");
    }

    private AcceptedFlags() {}

    /** What to say of those that were given. */
    static List<String> notes(AlterOptions o, Predicate<String> isGiven) {
        List<String> notes = new ArrayList<>();
        WHY.forEach((flag, why) -> {
            if (isGiven.test("--" + flag)) {
                notes.add("--" + flag + " changes nothing here: " + why);
            }
        });
        if (o.cutOver.cutOver.equals("two-step")) {
            notes.add("--cut-over=two-step is carried out atomically: there is no moment without the table");
        }
        if (isGiven.test("--password") || isGiven.test("--master-password")) {
            notes.add(
                    "a password on the command line can be seen in the process list; --ask-pass, --password-file, --conf and"
                            + " CROSSFADE_PASSWORD keep it to yourself");
        }
        if (isGiven.test("--old-table") && o.state.revert) {
            notes.add("--old-table is not looked at: the run has kept which table it goes back to");
        }
        return notes;
    }

    /** Refuses what is not offered and must not look as if it were. */
    static void refuse(AlterOptions o) {
        if (o.mode.testOnReplicaSkipReplicaStop && !o.mode.testOnReplica) {
            throw new IllegalArgumentException(
                    "--test-on-replica-skip-replica-stop goes with --test-on-replica; give both");
        }
        if (o.mode.testOnReplica && o.tables.okToDropTable) {
            throw new IllegalArgumentException("--test-on-replica keeps the table; leave out --ok-to-drop-table");
        }
        if (o.isOnReplica() && o.throttle.maxStatementMillis > 0) {
            throw new IllegalArgumentException(
                    "--max-statement-millis asks the applications' drivers, which are not at a replica;"
                            + " leave it out");
        }
        if (o.mode.testOnReplica
                && (o.state.revert || !List.of("cheapest", "ghost").contains(o.semantics.route))) {
            throw new IllegalArgumentException(
                    "--test-on-replica tries the ghost's way there and back; leave out --revert" + " and --route");
        }
        if (!o.mode.storageEngine.equalsIgnoreCase("innodb")) {
            throw MigrationException.refused("cannot change a table with --storage-engine=" + o.mode.storageEngine
                    + "; only innodb keeps writers from a row without a table lock; leave the flag out");
        }
        if (!List.of("atomic", "default", "two-step").contains(o.cutOver.cutOver)) {
            throw new IllegalArgumentException(
                    "cannot read --cut-over=" + o.cutOver.cutOver + "; the kinds are atomic, default and two-step");
        }
    }
}

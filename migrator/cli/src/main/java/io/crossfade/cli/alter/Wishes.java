package io.crossfade.cli.alter;

import io.crossfade.cli.operate.OperatorCommands;
import io.crossfade.cli.operate.Ranges;
import io.crossfade.migrator.alter.AlterRequest;
import io.crossfade.migrator.alter.Bounds;
import io.crossfade.migrator.alter.Controls;
import io.crossfade.migrator.cutover.Limits;
import io.crossfade.migrator.ghost.Rules;
import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.migrator.mysql.Switches;
import io.crossfade.migrator.throttle.Limit;
import io.crossfade.migrator.throttle.ThrottleSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The flags in the engine's words. Immutable. */
final class Wishes {
    /** As long as the server's own shortest wait for a metadata lock would be. */
    private static final long GATE_MILLIS_MAX = 1000;

    private static final long CHECKPOINT_SECONDS_MIN = 10;

    /** Its default for --cut-over-lock-timeout-seconds. */
    private static final Duration GH_OST_LOCK_WAIT = Duration.ofSeconds(3);

    private static final Duration GH_OST_PAUSE = Duration.ofSeconds(1);

    private Wishes() {}

    static AlterRequest request(AlterOptions o) {
        return new AlterRequest(tables(o.target, o.state), rules(o), bounds(o), switches(o.mode));
    }

    private static Switches switches(ModeFlags mode) {
        return new Switches(mode.switchToRbr, mode.switchLogWriterThreads ? List.of(Switches.REDO_WRITERS) : List.of());
    }

    private static List<TableAlter> tables(TargetFlags target, StateFlags state) {
        Path file = target.alters;
        if (file == null && (state.revert || state.status)) {
            return List.of(AlterText.ofKnown(target.database, target.table, target.alter));
        }
        if (file == null) {
            return List.of(AlterText.ofFlags(target.database, target.table, target.alter));
        }
        if (!target.alter.isEmpty() || !target.table.isEmpty()) {
            throw new IllegalArgumentException("--alters stands in place of --table and --alter; give one of both");
        }
        return AltersFile.read(file, target.database);
    }

    private static Rules rules(AlterOptions o) {
        SemanticsFlags s = o.semantics;
        TableFlags t = o.tables;
        return new Rules(
                o.mode.testOnReplica ? Rules.Route.GHOST : route(s.route),
                s.approveRenamedColumns,
                s.skipRenamedColumns,
                s.allowNullableUniqueKey,
                s.discardForeignKeys,
                s.skipForeignKeyChecks,
                s.skipStrictMode,
                s.allowZeroInDate,
                s.includeTriggers,
                s.triggerSuffix,
                s.removeTriggerSuffixIfExists,
                t.initiallyDropGhostTable,
                t.initiallyDropOldTable,
                t.okToDropTable,
                t.timestampOldTable,
                t.forceTableNames,
                s.acceptLint,
                count(o.pace),
                indexes(o.pace.deferIndexes),
                trial(o.mode));
    }

    private static Rules.Trial trial(ModeFlags mode) {
        if (!mode.testOnReplica) {
            return Rules.Trial.NONE;
        }
        return mode.testOnReplicaSkipReplicaStop ? Rules.Trial.AWAITS_STOP : Rules.Trial.STOPS_REPLICATION;
    }

    private static Rules.Count count(PaceFlags pace) {
        if (!pace.exactRowcount) {
            return Rules.Count.ESTIMATED;
        }
        return pace.concurrentRowcount ? Rules.Count.BESIDE_COPY : Rules.Count.BEFORE_COPY;
    }

    private static Rules.IndexTime indexes(String word) {
        return switch (word) {
            case "auto" -> Rules.IndexTime.AUTO;
            case "always" -> Rules.IndexTime.AFTER_ROWS;
            case "never" -> Rules.IndexTime.WITH_ROWS;
            default ->
                throw new IllegalArgumentException(
                        "cannot read --defer-indexes=" + word + "; say auto, always or never");
        };
    }

    private static Rules.Route route(String word) {
        for (Rules.Route each : Rules.Route.values()) {
            if (each.name().toLowerCase(Locale.ROOT).equals(word)) {
                return each;
            }
        }
        throw new IllegalArgumentException(
                "cannot read --route=" + word + "; the routes are cheapest, instant, inplace and ghost");
    }

    private static Bounds bounds(AlterOptions o) {
        return Bounds.DEFAULT
                .withCopy(new Bounds.Copy(
                        positive("threads", o.pace.threads),
                        Duration.ofMillis(positive("chunk-time", (int) Math.round(o.pace.chunkTime * 1000)))))
                .withRhythm(new Bounds.Rhythm(
                        checkpointEvery(o.state.checkpointSeconds),
                        Duration.ofMillis(positive("heartbeat-interval-millis", o.throttle.heartbeatIntervalMillis))))
                .withCutOver(new Limits(
                        writersHeldMax(o.cutOver),
                        positive("default-retries", o.pace.defaultRetries),
                        patience(o),
                        Duration.ofSeconds(positive(
                                "exponential-backoff-max-interval", (int) o.cutOver.exponentialBackoffMaxInterval)),
                        o.cutOver.killBlockers))
                .withGate(gateMax(o));
    }

    /** On a replica there is none: what is written to its control tables would not be what its source has there. */
    private static Duration gateMax(AlterOptions o) {
        long millis = o.mode.migrateOnReplica || o.mode.testOnReplica ? 0 : o.cutOver.clientGateMillis;
        if (millis < 0 || millis > GATE_MILLIS_MAX) {
            throw new IllegalArgumentException("--client-gate-millis is " + millis + "; give 0 to " + GATE_MILLIS_MAX);
        }
        return Duration.ofMillis(millis);
    }

    private static Duration checkpointEvery(@Nullable String seconds) {
        if (seconds == null) {
            return Bounds.DEFAULT.rhythm().checkpoint();
        }
        long number = Long.parseLong(seconds);
        if (number < CHECKPOINT_SECONDS_MIN) {
            throw new IllegalArgumentException("--checkpoint-seconds is " + number + "; give "
                    + CHECKPOINT_SECONDS_MIN + " or more, or leave it out for every "
                    + Bounds.DEFAULT.rhythm().checkpoint().toSeconds() + " s");
        }
        return Duration.ofSeconds(number);
    }

    /** As long as gh-ost tries by the same flags: it waits for its lock each time, and a second between two attempts. */
    private static Duration patience(AlterOptions o) {
        Duration held = writersHeldMax(o.cutOver);
        Duration waits = held.compareTo(GH_OST_LOCK_WAIT) < 0 ? GH_OST_LOCK_WAIT : held;
        return waits.plus(GH_OST_PAUSE).multipliedBy(o.pace.defaultRetries);
    }

    private static Duration writersHeldMax(CutOverFlags flags) {
        String seconds = flags.cutOverLockTimeoutSeconds;
        return seconds == null
                ? Duration.ofMillis(positive("cut-over-lock-timeout-millis", (int) flags.cutOverLockTimeoutMillis))
                : Duration.ofSeconds(positive("cut-over-lock-timeout-seconds", Integer.parseInt(seconds)));
    }

    private static int positive(String flag, int number) {
        if (number < 1) {
            throw new IllegalArgumentException("--" + flag + " is " + number + "; give a positive number");
        }
        return number;
    }

    static Controls controls(AlterOptions o) {
        Controls controls = new Controls();
        if (o.pace.chunkSize > 0) {
            Ranges.chunkRows(controls, o.pace.chunkSize);
        }
        if (o.pace.dmlBatchSize > 0) {
            Ranges.applyRows(controls, o.pace.dmlBatchSize);
        }
        Ranges.niceRatio(controls, o.pace.niceRatio);
        controls.postponeFlagFile(o.cutOver.postponeCutOverFlagFile);
        if (o.state.skipChecksum) {
            if (!o.state.revert) {
                throw new IllegalArgumentException("--skip-checksum is for --revert; a ghost that was not compared is"
                        + " never cut over; leave it out");
            }
            controls.skipChecksumBack();
        }
        return controls;
    }

    static ThrottleSettings throttles(ThrottleFlags flags) {
        ThrottleSettings settings = new ThrottleSettings();
        settings.maxLagMillis(flags.maxLagMillis);
        settings.commitMillisMax(flags.maxCommitLatencyMillis);
        settings.statementMillisMax(flags.maxStatementMillis);
        settings.maxLoad(Limit.parse(flags.maxLoad));
        settings.criticalLoad(Limit.parse(flags.criticalLoad));
        settings.query(flags.throttleQuery);
        settings.http(flags.throttleHttp);
        settings.controlReplicas(OperatorCommands.hosts(flags.throttleControlReplicas));
        settings.flagFile(flags.throttleFlagFile);
        settings.additionalFlagFile(additional(flags.throttleAdditionalFlagFile));
        return settings;
    }

    private static @Nullable Path additional(@Nullable String file) {
        if (file == null) {
            return Path.of(System.getProperty("java.io.tmpdir"), "gh-ost.throttle");
        }
        return file.isEmpty() ? null : Path.of(file);
    }
}

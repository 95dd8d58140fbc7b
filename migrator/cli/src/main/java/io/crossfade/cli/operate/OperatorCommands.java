package io.crossfade.cli.operate;

import io.crossfade.migrator.alter.Controls;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.throttle.Limit;
import io.crossfade.migrator.throttle.ThrottleSettings;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;

/** What the operator may say to a run, a line at a time, in gh-ost's words. Safe for many threads. */
public final class OperatorCommands {
    /** The run's state while nothing but the operator's word is missing. */
    private static final String POSTPONING = "postponing";

    private static final String ASK = "?";

    private final OperatedRun run;
    private final Controls controls;
    private final ThrottleSettings throttles;
    private final boolean isUnpostponeNamed;
    private final boolean isPanicNamed;
    private final Function<String, String> before;
    private final LimitCheck check;

    /** Refuses limits that the server cannot answer; a name that is mistyped would end the run, or hold it back for good. */
    @FunctionalInterface
    public interface LimitCheck {
        void refuseUnknown(String command, List<Limit> limits) throws SQLException;
    }

    /**
     * @param isUnpostponeNamed whether {@code unpostpone} has to name the table
     * @param isPanicNamed whether {@code panic} has to
     * @param before is told each command first; an answer that is not empty rejects it
     * @param check is asked before a limit is set
     */
    public OperatorCommands(
            OperatedRun run,
            boolean isUnpostponeNamed,
            boolean isPanicNamed,
            Function<String, String> before,
            LimitCheck check) {
        this.run = run;
        this.controls = run.controls();
        this.throttles = run.throttles();
        this.isUnpostponeNamed = isUnpostponeNamed;
        this.isPanicNamed = isPanicNamed;
        this.before = before;
        this.check = check;
    }

    /** Carries one line out; gives the answer. */
    public String answer(String line) {
        int equals = line.indexOf('=');
        String name = (equals < 0 ? line : line.substring(0, equals)).strip().toLowerCase(Locale.ROOT);
        String argument = equals < 0 ? "" : line.substring(equals + 1).strip();
        if (name.isEmpty()) {
            return "";
        }
        try {
            String rejected = before.apply(line.strip());
            return rejected.isEmpty() ? carryOut(name, argument) : rejected;
        } catch (NumberFormatException e) {
            return "cannot set " + name + ": \"" + argument + "\" is no number";
        } catch (IllegalArgumentException | MigrationException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private String carryOut(String name, String argument) {
        boolean asks = argument.equals(ASK);
        switch (name) {
            case "help":
                return OperatorHelp.TEXT;
            case "sup":
                return shortStatus();
            case "info", "status":
                return longStatus();
            case "coordinates":
                return run.status().get().position();
            case "applier":
                return "Host: " + run.applier();
            case "inspector":
                return "Host: " + run.inspector();
            case "cpu-profile":
                return "cpu-profile is not offered here; on this machine: jcmd "
                        + ProcessHandle.current().pid() + " JFR.start duration=30s filename=alter.jfr";
            case "replication-lag-query":
                return "replication-lag-query has no effect here: the lag is measured by the heartbeat";
            case "throttle", "pause", "suspend":
                throttles.isThrottledByHand(true);
                return longStatus();
            case "no-throttle", "unthrottle", "resume", "continue":
                throttles.isThrottledByHand(false);
                return longStatus();
            case "unpostpone", "no-postpone", "cut-over":
                return unpostpone(name, argument);
            case "skip-checksum":
                return skipChecksum();
            case "panic":
                return panic(argument);
            default:
                return asks ? value(name) : set(name, argument);
        }
    }

    private String value(String name) {
        return switch (name) {
            case "chunk-size" -> Integer.toString(controls.chunkRows());
            case "dml-batch-size" -> Integer.toString(controls.applyRows());
            case "nice-ratio" -> Double.toString(controls.niceRatio());
            case "max-commit-latency-millis" -> Long.toString(Math.max(0, throttles.commitMicrosMax() / 1000));
            case "max-statement-millis" -> Long.toString(throttles.statementMillisMax());
            case "max-lag-millis" -> Long.toString(throttles.maxLagMillis());
            case "max-load" -> Limit.text(throttles.maxLoad());
            case "critical-load" -> Limit.text(throttles.criticalLoad());
            case "throttle-query" -> throttles.query();
            case "throttle-http" -> throttles.http();
            case "throttle-control-replicas" -> String.join(",", throttles.controlReplicas());
            case "postpone-cut-over-flag-file" ->
                controls.postponeFlagFile().map(Path::toString).orElse("");
            default -> unknown(name);
        };
    }

    private String set(String name, String argument) {
        switch (name) {
            case "chunk-size" -> Ranges.chunkRows(controls, Long.parseLong(argument));
            case "dml-batch-size" -> Ranges.applyRows(controls, Long.parseLong(argument));
            case "nice-ratio" -> Ranges.niceRatio(controls, Double.parseDouble(argument));
            case "max-commit-latency-millis" -> throttles.commitMillisMax(Long.parseLong(argument));
            case "max-statement-millis" -> throttles.statementMillisMax(Long.parseLong(argument));
            case "max-lag-millis" -> throttles.maxLagMillis(Long.parseLong(argument));
            case "max-load" -> throttles.maxLoad(limits(name, argument));
            case "critical-load" -> throttles.criticalLoad(limits(name, argument));
            case "throttle-query" -> throttles.query(argument);
            case "throttle-http" -> throttles.http(argument);
            case "throttle-control-replicas" -> throttles.controlReplicas(hosts(argument));
            case "postpone-cut-over-flag-file" -> {
                if (argument.isEmpty()) {
                    return "cannot set " + name
                            + ": name a file, which is made; to let the cut-over go ahead, remove the"
                            + " one that is there, or say unpostpone";
                }
                Path before = controls.postponeFlagFile().orElse(null);
                controls.postponeFlagFile(Path.of(argument));
                try {
                    controls.makePostponeFlagFile();
                } catch (IllegalArgumentException e) {
                    controls.postponeFlagFile(before);
                    throw e;
                }
            }
            default -> {
                return unknown(name);
            }
        }
        return longStatus();
    }

    private List<Limit> limits(String name, String argument) {
        List<Limit> limits = Limit.parse(argument);
        try {
            check.refuseUnknown(name, limits);
        } catch (SQLException e) {
            throw new IllegalArgumentException(
                    "cannot set " + name
                            + ": the server, which has to be asked whether it shows these, does not answer;"
                            + " say it again when it does",
                    e);
        }
        return limits;
    }

    /** Splits {@code host1:3306,host2}; a port that is not named is 3306. */
    public static List<String> hosts(String text) {
        return Stream.of(text.split(",", -1))
                .map(String::strip)
                .filter(h -> !h.isEmpty())
                .map(h -> h.matches(".*:[0-9]{1,5}") ? h : h + ":3306")
                .toList();
    }

    private String unpostpone(String name, String argument) {
        if (argument.isEmpty() && isUnpostponeNamed) {
            return "cannot " + name + ": --force-named-cut-over is set; say " + name + "=" + run.table();
        }
        if (!argument.isEmpty() && !argument.equals(run.table())) {
            return "cannot " + name + " \"" + argument + "\": this run changes " + run.table();
        }
        if (!controls.isPostponed() || !run.status().get().state().startsWith(POSTPONING)) {
            return "cannot " + name + ": the cut-over is not postponed at this moment";
        }
        controls.unpostpone();
        return "Unpostponed";
    }

    private String skipChecksum() {
        if (!run.isReverting()) {
            return "cannot skip-checksum: a ghost that was not compared is never cut over; this is for --revert";
        }
        controls.skipChecksumBack();
        return "The tables are not compared any further before their names are exchanged.";
    }

    private String panic(String argument) {
        if (argument.isEmpty() && isPanicNamed) {
            return "cannot panic: --force-named-panic is set; say panic=" + run.table();
        }
        if (!argument.isEmpty() && !argument.equals(run.table())) {
            return "cannot panic for \"" + argument + "\": this run changes " + run.table();
        }
        controls.panic();
        return "User commanded 'panic'. The run ends without cleaning up.";
    }

    private String shortStatus() {
        return StatusLine.of(run.status().get(), run.replicaLagMillis().getAsLong());
    }

    private String longStatus() {
        return run.hints().get() + "\n" + shortStatus();
    }

    private static String unknown(String name) {
        return "Unknown command: " + name + "; say help for those there are";
    }
}

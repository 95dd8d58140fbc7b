package io.crossfade.cli.alter;

import io.crossfade.migrator.alter.Controls;
import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.migrator.throttle.Limit;
import io.crossfade.migrator.throttle.ThrottleSettings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What is set, in the lines that gh-ost prints beside its status. Reads live settings. */
record Hints(
        List<TableAlter> tables,
        Target target,
        Instant began,
        Controls controls,
        ThrottleSettings throttles,
        Optional<Path> panicFlagFile,
        String doors) {

    String text() {
        StringBuilder text = new StringBuilder();
        text.append("# Migrating ")
                .append(tables.stream()
                        .map(t -> "`" + t.table().schema() + "`.`" + t.table().table() + "`")
                        .collect(Collectors.joining(", ")));
        line(text, "Migrating " + target.source() + "; inspecting " + target.named() + "; executing on " + executing());
        line(text, "Migration started at " + began);
        line(
                text,
                String.format(
                        Locale.ROOT,
                        "chunk-size: %d; max-lag-millis: %dms; dml-batch-size: %d; max-load: %s; critical-load: %s;"
                                + " nice-ratio: %f",
                        controls.chunkRows(),
                        throttles.maxLagMillis(),
                        controls.applyRows(),
                        Limit.text(throttles.maxLoad()),
                        Limit.text(throttles.criticalLoad()),
                        controls.niceRatio()));
        if (throttles.statementMillisMax() > 0) {
            line(text, "max-statement-millis: " + throttles.statementMillisMax() + "ms");
        }
        file(text, "throttle-flag-file", throttles.flagFile());
        file(text, "throttle-additional-flag-file", throttles.additionalFlagFile());
        if (!throttles.query().isEmpty()) {
            line(text, "throttle-query: " + throttles.query());
        }
        if (!throttles.controlReplicas().isEmpty()) {
            line(text, "throttle-control-replicas: " + String.join(",", throttles.controlReplicas()));
        }
        file(text, "postpone-cut-over-flag-file", controls.postponeFlagFile());
        file(text, "panic-flag-file", panicFlagFile);
        if (!doors.isEmpty()) {
            line(text, doors);
        }
        return text.toString();
    }

    private static void file(StringBuilder text, String name, Optional<Path> file) {
        file.ifPresent(f -> line(text, name + ": " + f + (Files.exists(f) ? " [set]" : "")));
    }

    private static void line(StringBuilder text, String line) {
        text.append("\n# ").append(line);
    }

    static String executing() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown";
        }
    }
}

package io.crossfade.cli;

import io.crossfade.migrator.check.Finding;
import io.crossfade.migrator.check.Rows;
import io.crossfade.migrator.run.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A plan for people. */
final class PlanText {
    private static final double MEBIBYTE = 1024.0 * 1024;

    private PlanText() {}

    static String of(Plan plan, boolean showsValues) {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "change %s of %s: about %,d rows, %.1f MiB and %.1f MiB of indexes",
                plan.change().id(),
                plan.change().table(),
                plan.table().rows(),
                plan.table().dataBytes() / MEBIBYTE,
                plan.table().indexBytes() / MEBIBYTE));
        int number = 1;
        for (Plan.Step step : plan.steps()) {
            lines.add("");
            lines.add(number++ + ". [" + step.stage().word() + "] " + step.what());
            step.statements().forEach(sql -> lines.add("     " + sql));
            lines.add("     how: " + step.algorithm() + "; locks: " + step.locks()
                    + (step.rows() > 0 ? String.format(Locale.ROOT, "; about %,d rows", step.rows()) : "")
                    + (step.diskBytes() > 0
                            ? String.format(Locale.ROOT, "; up to %.1f MiB of disk", step.diskBytes() / MEBIBYTE)
                            : ""));
        }
        lines.add("");
        for (Rows.Answer lint : plan.lints()) {
            lines.add("note: " + lint.rows() + " rows " + lint.question().seen() + ", among them "
                    + String.join("; ", lint.keys()));
        }
        if (plan.change().isLossy()) {
            lines.add(
                    "note: a mapping is lossy; from complete on old code sees down(up(value)); that wants accept: lossy"
                            + (plan.change().acceptsLossy() ? ", which the file has" : ""));
        }
        for (Plan.Example example : plan.lossy()) {
            lines.add("  " + example.key()
                    + (showsValues ? ": " + example.now() + " would be " + example.then() : " would change"));
        }
        for (Finding finding : plan.findings()) {
            lines.add((finding.isFatal() ? "refused: " : "warning: ") + finding);
        }
        lines.add(plan.isRefused() ? "This change cannot start as things are." : "This change can start.");
        return String.join("\n", lines);
    }
}

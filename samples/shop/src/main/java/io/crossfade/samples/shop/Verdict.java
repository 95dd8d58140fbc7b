package io.crossfade.samples.shop;

import io.crossfade.samples.shop.traffic.Meter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How the run ended. Immutable.
 *
 * @param changes one line for each change
 * @param idle the shop before the first change
 * @param all the shop in the whole run
 * @param wrongReads reads that gave something else than was acknowledged last
 * @param audit every row of the tables against the ledgers
 */
record Verdict(String server, List<Line> changes, Meter.Figures idle, Meter.Figures all, long wrongReads, Audit audit) {
    Verdict {
        changes = List.copyOf(changes);
    }

    /**
     * One change.
     *
     * @param end where it ended: a stage, or rolled back
     * @param during the shop while it went on
     * @param sides its two sides, all comparisons together
     */
    record Line(String change, String end, Meter.Figures during, Sides sides) {}

    /** What was lost: rows that are not as acknowledged, reads that were wrong, sides that differ. */
    long lost() {
        long differing =
                changes.stream().mapToLong(line -> line.sides().differing()).sum();
        return audit.lost() + audit.appeared() + audit.disturbed() + wrongReads + differing;
    }

    /** 0 if nothing was lost and nothing failed, 1 if something was lost, 2 if statements failed. */
    int exitCode() {
        if (lost() > 0) {
            return 1;
        }
        return all.errors() > 0 ? 2 : 0;
    }

    /** The table, and the last line that says it in two words. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(row(
                "change", "end", "statements", "errors", "worst pause", "p99 before", "p99 during", "rows", "differ"));
        Sides sides = Sides.NONE;
        for (Line line : changes) {
            lines.add(row(line.change(), line.end(), line.during(), line.sides()));
            sides = sides.plus(line.sides());
        }
        lines.add(row("in all", "", all, sides));
        lines.add("");
        lines.add(String.format(
                Locale.ROOT,
                "Every row against what the shop was told: %,d rows; %,d lost, %,d that nobody wrote, %,d disturbed;"
                        + " %,d wrong reads on the way.",
                audit.rows(),
                audit.lost(),
                audit.appeared(),
                audit.disturbed(),
                wrongReads));
        audit.examples().forEach(example -> lines.add("  " + example));
        lines.add(lastLine());
        return lines;
    }

    private String lastLine() {
        return switch (exitCode()) {
            case 0 -> "0 lost";
            case 1 -> lost() + " lost or wrong";
            default -> "0 lost, but " + all.errors() + " statements failed";
        };
    }

    private String row(String change, String end, Meter.Figures during, Sides sides) {
        return row(
                change,
                end,
                String.format(Locale.ROOT, "%,d", during.statements()),
                String.format(Locale.ROOT, "%,d", during.errors()),
                millis(during.maxMicros()),
                millis(idle.p99Micros()),
                millis(during.p99Micros()),
                sides.rows() == 0 ? "-" : String.format(Locale.ROOT, "%,d", sides.rows()),
                sides.rows() == 0 ? "-" : String.format(Locale.ROOT, "%,d", sides.differing()));
    }

    private static String row(Object... cells) {
        return String.format(Locale.ROOT, "%-18s %-12s %10s %7s %12s %11s %11s %10s %7s", cells);
    }

    private static String millis(long micros) {
        return String.format(Locale.ROOT, "%.1f ms", micros / 1_000.0);
    }
}

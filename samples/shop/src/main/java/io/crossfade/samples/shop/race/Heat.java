package io.crossfade.samples.shop.race;

import io.crossfade.samples.shop.traffic.Meter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How one contender did. Immutable.
 *
 * @param seconds from the first row to the end: for the migrator with the fences between and the verification of every row
 * @param idle the application before
 * @param during the application while the column was filled
 * @param errors the application's statements that failed
 * @param wrong rows whose new column is wrong in the end: a script knows nothing of what is written beside it
 */
record Heat(
        Contender contender,
        int rows,
        double seconds,
        Meter.Figures idle,
        Meter.Figures during,
        long errors,
        long wrong) {
    double p99Ratio() {
        return ratio(during.p99Micros(), idle.p99Micros());
    }

    /** A line for each contender: its own time, then the application's, each beside its idle value. */
    static List<String> table(List<Heat> heats) {
        List<String> lines = new ArrayList<>();
        lines.add(row(
                "", "time", "rate", "p50", "p99", "idle p99", "ratio", "worst second", "longest", "errors", "wrong"));
        for (Heat heat : heats) {
            lines.add(row(
                    heat.contender.title(),
                    String.format(Locale.ROOT, "%.1f s", heat.seconds),
                    String.format(Locale.ROOT, "%,.0f rows/s", heat.rows / heat.seconds),
                    millis(heat.during.p50Micros()),
                    millis(heat.during.p99Micros()),
                    millis(heat.idle.p99Micros()),
                    String.format(Locale.ROOT, "%.1f", heat.p99Ratio()),
                    millis(heat.during.worstSecondP99Micros()),
                    millis(heat.during.maxMicros()),
                    String.format(Locale.ROOT, "%,d", heat.errors),
                    String.format(Locale.ROOT, "%,d", heat.wrong)));
        }
        return lines;
    }

    private static double ratio(long during, long idle) {
        return idle == 0 ? 0 : (double) during / idle;
    }

    private static String row(Object... cells) {
        return String.format(Locale.ROOT, "%-22s %8s %15s %9s %10s %9s %6s %13s %11s %7s %7s", cells);
    }

    private static String millis(long micros) {
        return String.format(Locale.ROOT, "%.1f ms", micros / 1_000.0);
    }
}

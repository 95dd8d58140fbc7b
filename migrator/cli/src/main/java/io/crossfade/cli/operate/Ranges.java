package io.crossfade.cli.operate;

import io.crossfade.migrator.alter.Controls;

/** gh-ost's ranges: a number outside becomes the nearest inside, by flag and by command alike. Immutable. */
public final class Ranges {

    private Ranges() {}

    public static void chunkRows(Controls controls, long rows) {
        controls.chunkRowsAtMost((int) Math.max(10, Math.min(100_000, rows)));
    }

    public static void applyRows(Controls controls, long rows) {
        controls.applyRows((int) Math.max(1, Math.min(1_000, rows)));
    }

    public static void niceRatio(Controls controls, double ratio) {
        if (Double.isNaN(ratio)) {
            throw new IllegalArgumentException("cannot set nice-ratio; it is no number; give 0 to 100");
        }
        controls.niceRatio(Math.max(0, Math.min(100, ratio)));
    }
}

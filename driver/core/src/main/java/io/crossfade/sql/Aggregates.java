package io.crossfade.sql;

import java.util.Locale;
import java.util.Set;

/** The functions that make one value of many rows. */
final class Aggregates {
    private static final Set<String> NAMES = Set.of(
            "avg",
            "bit_and",
            "bit_or",
            "bit_xor",
            "count",
            "group_concat",
            "json_arrayagg",
            "json_objectagg",
            "max",
            "min",
            "std",
            "stddev",
            "stddev_pop",
            "stddev_samp",
            "sum",
            "var_pop",
            "var_samp",
            "variance");

    private Aggregates() {}

    static boolean has(String function) {
        return NAMES.contains(function.toLowerCase(Locale.ROOT));
    }
}

package io.crossfade.migrator.throttle;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A bound on one of the server's status variables, written {@code Threads_running=25}. Immutable.
 *
 * @param variable as SHOW GLOBAL STATUS names it
 * @param max the greatest value that is still good
 */
public record Limit(String variable, long max) {

    /** Reads {@code Threads_running=25,Threads_connected=500}; an empty text gives none. */
    public static List<Limit> parse(String text) {
        List<Limit> limits = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            if (part.isBlank()) {
                continue;
            }
            String[] sides = part.strip().split("=", -1);
            if (sides.length != 2 || !sides[0].matches("[A-Za-z_][A-Za-z0-9_]*") || !sides[1].matches("[0-9]{1,18}")) {
                throw new IllegalArgumentException("\"" + part.strip()
                        + "\" is not a limit; write it as Threads_running=25, several separated by commas");
            }
            limits.add(new Limit(sides[0], Long.parseLong(sides[1])));
        }
        return limits;
    }

    /** As {@link #parse} reads it. */
    public static String text(List<Limit> limits) {
        return limits.stream().map(l -> l.variable() + "=" + l.max()).collect(Collectors.joining(","));
    }
}

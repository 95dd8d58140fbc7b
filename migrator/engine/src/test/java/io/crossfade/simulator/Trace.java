package io.crossfade.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What happens in a simulation, line by line, where somebody wants to read it. Confined to the simulation. */
final class Trace {
    private static final int LINES_MAX = 20_000;

    private static final int STATEMENT_CHARS_MAX = 150;

    private final boolean isOn;
    private final List<String> lines = new ArrayList<>();

    Trace(boolean isOn) {
        this.isOn = isOn;
    }

    /** Whether anybody reads it: what is noted often is put into words only then. */
    boolean isOn() {
        return isOn;
    }

    void note(long event, long millis, @Nullable SimulatedProcess who, Object what) {
        if (isOn && lines.size() < LINES_MAX) {
            lines.add(String.format(Locale.ROOT, "%5d %7d ms  %-22s %s", event, millis, who == null ? "" : who, what));
        }
    }

    static String shown(String statement) {
        return statement.length() > STATEMENT_CHARS_MAX ? statement.substring(0, STATEMENT_CHARS_MAX) + "…" : statement;
    }

    @Override
    public String toString() {
        return String.join("\n", lines);
    }
}

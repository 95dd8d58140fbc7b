package io.crossfade.cli.alter;

import java.util.Set;

/** The command line as Go programs read it: {@code -host=h} is {@code --host=h}. */
public final class GoFlags {
    private GoFlags() {}

    /**
     * Doubles the dash of each argument that is a known long option with one.
     *
     * @param known names with two dashes, as {@code --host}
     */
    public static String[] normal(String[] arguments, Set<String> known) {
        String[] normal = arguments.clone();
        for (int i = 0; i < normal.length; i++) {
            String each = normal[i];
            boolean hasOneDash = each.length() > 2 && each.charAt(0) == '-' && each.charAt(1) != '-';
            // A value that follows its option by itself is not an option, whatever it looks like.
            boolean isValue = i > 0 && normal[i - 1].equals("--alter");
            if (hasOneDash && !isValue && known.contains("-" + each.split("=", 2)[0])) {
                normal[i] = "-" + each;
            }
        }
        return normal;
    }
}

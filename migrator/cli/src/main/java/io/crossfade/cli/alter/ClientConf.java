package io.crossfade.cli.alter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * User and password from a file in the form of my.cnf, under {@code [client]}; gh-ost's section {@code [osc]} is read too.
 * Immutable; {@link #toString} keeps the password to itself.
 */
record ClientConf(@Nullable String user, @Nullable String password) {
    static final ClientConf NONE = new ClientConf(null, null);

    /** {@code ${NAME}} as a whole value. */
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{(\\w+)}");

    static ClientConf read(Path file, UnaryOperator<@Nullable String> environment) {
        Map<String, String> values = new HashMap<>();
        String section = "";
        try {
            for (String raw : Files.readAllLines(file)) {
                String line = raw.strip();
                if (line.startsWith("[") && line.endsWith("]")) {
                    section = line.substring(1, line.length() - 1).strip().toLowerCase(Locale.ROOT);
                } else if (!line.isEmpty() && !line.startsWith("#") && !line.startsWith(";")) {
                    int equals = line.indexOf('=');
                    if (equals > 0 && (section.equals("client") || section.equals("osc"))) {
                        String name = line.substring(0, equals).strip().toLowerCase(Locale.ROOT);
                        values.put(name, unquoted(line.substring(equals + 1).strip()));
                    }
                }
            }
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "cannot read --conf: file " + file + "; " + e.getClass().getSimpleName()
                            + "; name a file that can be read",
                    e);
        }
        return new ClientConf(
                expanded(file, values.get("user"), environment), expanded(file, values.get("password"), environment));
    }

    private static String unquoted(String value) {
        boolean isQuoted = value.length() >= 2
                && (value.charAt(0) == '"' || value.charAt(0) == '\'')
                && value.charAt(value.length() - 1) == value.charAt(0);
        return isQuoted ? value.substring(1, value.length() - 1) : value;
    }

    private static @Nullable String expanded(
            Path file, @Nullable String value, UnaryOperator<@Nullable String> environment) {
        if (value == null) {
            return null;
        }
        Matcher whole = VARIABLE.matcher(value);
        if (!whole.matches()) {
            return value;
        }
        return Optional.ofNullable(environment.apply(whole.group(1)))
                .orElseThrow(() -> new IllegalArgumentException("cannot read --conf: file " + file + " names variable "
                        + whole.group(1) + ", which is not set; set it"));
    }

    @Override
    public String toString() {
        return "user " + user;
    }
}

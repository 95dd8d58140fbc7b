package io.crossfade.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A URL as users write it, as MySQL Connector/J takes it. Immutable.
 *
 * <p>{@code jdbc:crossfade:mariadb://db/shop?sslMode=disable&crossfade.view=new} → {@code
 * jdbc:mysql://db/shop?sslMode=DISABLED}
 *
 * @param url for Connector/J
 */
record DatabaseUrl(String url) {
    private static final String CROSSFADE = "jdbc:crossfade:";
    private static final String MARIADB = "jdbc:mariadb://";
    private static final String MYSQL = "jdbc:mysql://";

    /**
     * Reads a URL.
     *
     * @throws IllegalArgumentException for one of another kind; the message does not repeat it, since it may hold a password
     */
    static DatabaseUrl of(String text) {
        String plain = text.startsWith(CROSSFADE) ? "jdbc:" + text.substring(CROSSFADE.length()) : text;
        boolean isMariaDb = plain.startsWith(MARIADB);
        if (!isMariaDb && !plain.startsWith(MYSQL)) {
            throw new IllegalArgumentException(
                    "cannot read --url; it begins with neither jdbc:mysql:// nor jdbc:mariadb://; write it as"
                            + " jdbc:mysql://host:3306/database");
        }
        String rest = plain.substring((isMariaDb ? MARIADB : MYSQL).length());
        int question = rest.indexOf('?');
        if (question < 0) {
            return new DatabaseUrl(MYSQL + rest);
        }
        List<String> kept = new ArrayList<>();
        for (String parameter : rest.substring(question + 1).split("&", -1)) {
            if (!parameter.isEmpty() && !parameter.startsWith("crossfade")) {
                kept.add(isMariaDb ? translated(parameter) : parameter);
            }
        }
        String query = kept.isEmpty() ? "" : "?" + String.join("&", kept);
        return new DatabaseUrl(MYSQL + rest.substring(0, question) + query);
    }

    /** The MariaDB driver's words for TLS. */
    private static String translated(String parameter) {
        return switch (parameter.toLowerCase(Locale.ROOT)) {
            case "sslmode=disable" -> "sslMode=DISABLED";
            case "sslmode=trust" -> "sslMode=REQUIRED";
            case "sslmode=verify-ca" -> "sslMode=VERIFY_CA";
            case "sslmode=verify-full" -> "sslMode=VERIFY_IDENTITY";
            default -> parameter;
        };
    }

    /** The URL without its parameters and without user and password, for messages. */
    String shown() {
        int question = url.indexOf('?');
        String place = question < 0 ? url : url.substring(0, question);
        int begin = place.indexOf("//");
        int end = place.lastIndexOf('@');
        return begin < 0 || end < begin ? place : place.substring(0, begin + 2) + place.substring(end + 1);
    }
}

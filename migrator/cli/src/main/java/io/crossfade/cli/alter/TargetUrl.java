package io.crossfade.cli.alter;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code --url}, taken apart into the flags that it stands for. */
final class TargetUrl {
    private static final Pattern URL =
            Pattern.compile("jdbc:(?:crossfade:)?(?:mysql|mariadb)://([^/?]*)(?:/([^?]*))?(?:\\?(.*))?");

    private TargetUrl() {}

    /** Puts host, port, database, user and password of the URL where the flags have them; other parameters are not used. */
    static void apply(TargetFlags flags) {
        String url = flags.url;
        if (url == null) {
            return;
        }
        Matcher parts = URL.matcher(url);
        if (!parts.matches()) {
            // The URL itself is not repeated: it may hold a password.
            throw new IllegalArgumentException("cannot read --url; write it as jdbc:mysql://host:3306/database");
        }
        Address address = Address.of(String.valueOf(parts.group(1)));
        flags.host = address.host();
        flags.port = address.port();
        String path = parts.group(2);
        if (path != null && !path.isEmpty() && flags.database.isEmpty()) {
            flags.database = decoded(path);
        }
        String query = parts.group(3);
        for (String each : (query == null ? "" : query).split("&", -1)) {
            if (each.startsWith("user=") && flags.user == null) {
                flags.user = decoded(each.substring("user=".length()));
            } else if (each.startsWith("password=") && flags.password == null) {
                flags.password = decoded(each.substring("password=".length()));
            }
        }
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}

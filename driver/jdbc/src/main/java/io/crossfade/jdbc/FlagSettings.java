package io.crossfade.jdbc;

import io.crossfade.jdbc.flag.Credential;
import io.crossfade.jdbc.flag.SourceSettings;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * The properties of flags, read and checked. Immutable.
 *
 * @param source who is asked
 * @param poll how often
 */
record FlagSettings(SourceSettings source, Duration poll) {

    /** More often nobody flips, and a service would feel it. Judged, not measured. */
    private static final long POLL_MILLIS_MIN = 50;

    private static final long TIMEOUT_MILLIS_MIN = 50;

    /** A flip of a file is seen, with the transaction under way, within a second. */
    private static final String FILE_POLL_MILLIS = "500";

    /** What flag services bear from many clients. Judged, not measured. */
    private static final String SERVICE_POLL_MILLIS = "5000";

    /** The SDK's class that everything begins with. */
    private static final String OPEN_FEATURE = "dev.openfeature.sdk.OpenFeatureAPI";

    static FlagSettings of(Properties given) throws SQLException {
        String kind = DriverSettings.choice(given, DriverProperty.FLAGS);
        checkBelongs(given, kind);
        boolean isFile = kind.equals("file");
        long poll = DriverSettings.millis(
                given,
                DriverProperty.FLAGS_POLL_MILLIS,
                POLL_MILLIS_MIN,
                isFile ? FILE_POLL_MILLIS : SERVICE_POLL_MILLIS);
        return new FlagSettings(source(kind, given), Duration.ofMillis(poll));
    }

    private static SourceSettings source(String kind, Properties given) throws SQLException {
        Duration timeout = Duration.ofMillis(DriverSettings.millis(
                given,
                DriverProperty.FLAGS_TIMEOUT_MILLIS,
                TIMEOUT_MILLIS_MIN,
                DriverProperty.FLAGS_TIMEOUT_MILLIS.defaultValue().orElseThrow()));
        return switch (kind) {
            case "file" -> new SourceSettings.SharesIn(file(given));
            case "ofrep" ->
                new SourceSettings.Ofrep(
                        url(given), credential(given), value(given, DriverProperty.FLAGS_PREFIX), timeout);
            case "openfeature" -> {
                checkSdk();
                yield new SourceSettings.OpenFeature(
                        value(given, DriverProperty.FLAGS_DOMAIN), value(given, DriverProperty.FLAGS_PREFIX), timeout);
            }
            default -> new SourceSettings.Control();
        };
    }

    /** A property that would be passed over is one that somebody believes to hold. */
    private static void checkBelongs(Properties given, String kind) throws SQLException {
        List<DriverProperty> taken =
                switch (kind) {
                    case "file" -> List.of(DriverProperty.FLAGS_FILE, DriverProperty.FLAGS_POLL_MILLIS);
                    case "ofrep" ->
                        List.of(
                                DriverProperty.FLAGS_URL,
                                DriverProperty.FLAGS_TOKEN,
                                DriverProperty.FLAGS_API_KEY,
                                DriverProperty.FLAGS_PREFIX,
                                DriverProperty.FLAGS_POLL_MILLIS,
                                DriverProperty.FLAGS_TIMEOUT_MILLIS);
                    case "openfeature" ->
                        List.of(
                                DriverProperty.FLAGS_DOMAIN,
                                DriverProperty.FLAGS_PREFIX,
                                DriverProperty.FLAGS_POLL_MILLIS,
                                DriverProperty.FLAGS_TIMEOUT_MILLIS);
                    default -> List.of();
                };
        for (DriverProperty property : DriverProperty.values()) {
            if (property.key().startsWith(DriverProperty.FLAGS.key() + ".")
                    && given.getProperty(property.key()) != null
                    && !taken.contains(property)) {
                throw CrossfadeError.configuration("cannot connect: " + property.key() + " is given, and "
                        + DriverProperty.FLAGS.key() + "=" + kind + " does not look at it; set "
                        + DriverProperty.FLAGS.key() + " to the source that is meant, or take it out");
            }
        }
    }

    private static Path file(Properties given) throws SQLException {
        try {
            return Path.of(required(given, DriverProperty.FLAGS_FILE));
        } catch (InvalidPathException e) {
            throw CrossfadeError.configuration("cannot connect: " + DriverProperty.FLAGS_FILE.key() + " is no path", e);
        }
    }

    /** Refuses user and password in the URL, and does not repeat it: messages are logged. */
    private static URI url(Properties given) throws SQLException {
        String text = required(given, DriverProperty.FLAGS_URL);
        try {
            URI url = new URI(text.replaceFirst("/+$", ""));
            String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
            if ((scheme.equals("http") || scheme.equals("https"))
                    && url.getHost() != null
                    && url.getRawUserInfo() == null
                    && url.getRawQuery() == null
                    && url.getRawFragment() == null) {
                return url;
            }
        } catch (URISyntaxException e) {
            // The message below is for this too; the exception would repeat the text.
        }
        throw CrossfadeError.configuration("cannot connect: " + DriverProperty.FLAGS_URL.key()
                + " is not a plain URL; give what stands before /ofrep, such as https://flags.example.com, without user,"
                + " query or fragment");
    }

    private static @Nullable Credential credential(Properties given) throws SQLException {
        String token = given.getProperty(DriverProperty.FLAGS_TOKEN.key());
        String apiKey = given.getProperty(DriverProperty.FLAGS_API_KEY.key());
        if (token != null && apiKey != null) {
            throw CrossfadeError.configuration("cannot connect: " + DriverProperty.FLAGS_TOKEN.key() + " and "
                    + DriverProperty.FLAGS_API_KEY.key() + " are both given; give the one that the service takes");
        }
        if (token != null) {
            return new Credential(Credential.Scheme.BEARER, token);
        }
        return apiKey == null ? null : new Credential(Credential.Scheme.API_KEY, apiKey);
    }

    private static void checkSdk() throws SQLException {
        try {
            Class.forName(OPEN_FEATURE, false, FlagSettings.class.getClassLoader());
        } catch (ClassNotFoundException | LinkageError e) {
            throw CrossfadeError.configuration(
                    "cannot connect: " + DriverProperty.FLAGS.key() + " is openfeature, and its SDK is not there; put"
                            + " dev.openfeature:sdk on the class path beside the driver",
                    e);
        }
    }

    private static String required(Properties given, DriverProperty property) throws SQLException {
        String value = given.getProperty(property.key(), "").trim();
        if (value.isEmpty()) {
            throw CrossfadeError.configuration("cannot connect: " + DriverProperty.FLAGS.key() + " is "
                    + given.getProperty(DriverProperty.FLAGS.key()) + ", and " + property.key() + " is not given");
        }
        return value;
    }

    private static String value(Properties given, DriverProperty property) {
        return given.getProperty(property.key(), property.defaultValue().orElse(""))
                .trim();
    }
}

package io.crossfade.jdbc;

import io.crossfade.model.Side;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.Properties;

/**
 * The driver's own properties, read and checked. Immutable.
 *
 * @param application the client's name in the status
 * @param view which version of the tables the application was written for
 * @param keyIsConnection whether a share of reads is counted in connections rather than instances
 * @param poll how often the control state is looked at
 * @param lease how long statements on changing tables go on without word from the control tables
 * @param comparing which reads compare the rows that they give, and what follows
 * @param flags who is asked for shares of reads, besides the control table
 */
record DriverSettings(
        String application,
        Side view,
        boolean keyIsConnection,
        Duration poll,
        Duration lease,
        CompareSettings comparing,
        FlagSettings flags) {

    /** Below this the reads of the epoch would be felt by the server. Judged, not measured. */
    private static final long POLL_MILLIS_MIN = 50;

    /** Longer than this nobody waits for a stage. Judged, not measured. */
    static final long MILLIS_MAX = 3_600_000;

    /** As wide as the control table's column. */
    private static final int APPLICATION_CHARS_MAX = 128;

    static DriverSettings of(Properties given) throws SQLException {
        for (String key : given.stringPropertyNames()) {
            if (DriverProperty.of(key).isEmpty()) {
                throw CrossfadeError.configuration("cannot connect: there is no property \"" + key
                        + "\"; the driver's properties are " + DriverProperty.keys());
            }
        }
        long poll = millis(given, DriverProperty.POLL_MILLIS, POLL_MILLIS_MIN);
        long lease = millis(given, DriverProperty.LEASE_MILLIS, 2 * poll);
        return new DriverSettings(
                application(given),
                Side.valueOf(choice(given, DriverProperty.VIEW).toUpperCase(Locale.ROOT)),
                choice(given, DriverProperty.KEY).equals("connection"),
                Duration.ofMillis(poll),
                Duration.ofMillis(lease),
                CompareSettings.of(given),
                FlagSettings.of(given));
    }

    private static String application(Properties given) throws SQLException {
        String name = given.getProperty(DriverProperty.APPLICATION.key(), "").trim();
        if (name.length() > APPLICATION_CHARS_MAX) {
            throw CrossfadeError.configuration("cannot connect: " + DriverProperty.APPLICATION.key() + " has "
                    + name.length() + " characters; use up to " + APPLICATION_CHARS_MAX);
        }
        return name.isEmpty() ? mainClass() : name;
    }

    /** {@code com.acme.Shop} or {@code shop.jar}, where the JVM tells what it was started with. */
    private static String mainClass() {
        String command = System.getProperty("sun.java.command", "").trim();
        String main = command.split(" ", 2)[0];
        String name = main.substring(Math.max(main.lastIndexOf('/'), main.lastIndexOf('\\')) + 1);
        return name.isEmpty() ? "unnamed" : name.substring(0, Math.min(name.length(), APPLICATION_CHARS_MAX));
    }

    static String choice(Properties given, DriverProperty property) throws SQLException {
        String value = given.getProperty(property.key(), property.defaultValue().orElse(""));
        if (!property.allowed().contains(value)) {
            throw CrossfadeError.configuration("cannot connect: " + property.key() + " is \"" + value
                    + "\"; use one of " + String.join(", ", property.allowed()));
        }
        return value;
    }

    private static long millis(Properties given, DriverProperty property, long min) throws SQLException {
        return millis(given, property, min, property.defaultValue().orElse(""));
    }

    static long millis(Properties given, DriverProperty property, long min, String defaultValue) throws SQLException {
        String value = given.getProperty(property.key(), defaultValue);
        try {
            long millis = Long.parseLong(value.trim());
            if (millis >= min && millis <= MILLIS_MAX) {
                return millis;
            }
        } catch (NumberFormatException e) {
            // Falls through to the error below, which says what is taken.
        }
        throw CrossfadeError.configuration("cannot connect: " + property.key() + " is \"" + value
                + "\"; use a number of milliseconds from " + min + " to " + MILLIS_MAX);
    }
}

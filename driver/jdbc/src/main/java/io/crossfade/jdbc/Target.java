package io.crossfade.jdbc;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.UUID;

/**
 * The database that a {@code jdbc:crossfade:…} URL stands for, and how to reach it through its own driver.
 *
 * <pre>
 * jdbc:crossfade:mysql://db:3306/shop?crossfade.view=new&amp;useSSL=true
 *            →  jdbc:mysql://db:3306/shop?useSSL=true
 * </pre>
 *
 * Immutable.
 */
final class Target {

    private static final String PREFIX = "jdbc:crossfade:";
    private static final List<String> SERVED = List.of("mysql://", "mariadb://");

    /** A connection property of both drivers: {@code key:value} pairs that the server shows beside the session. */
    private static final String ATTRIBUTES = "connectionAttributes";

    private final String address;
    private final List<String> parameters;
    private final Properties info;
    private final DriverSettings settings;

    private Target(String address, List<String> parameters, Properties info, DriverSettings settings) {
        this.address = address;
        this.parameters = List.copyOf(parameters);
        this.info = info;
        this.settings = settings;
    }

    static boolean accepts(String url) {
        return url.startsWith(PREFIX) && SERVED.stream().anyMatch(s -> url.startsWith(s, PREFIX.length()));
    }

    /** Takes a URL that is accepted apart; properties in the URL win over those given beside it, as with both drivers. */
    static Target of(String url, Properties given) throws SQLException {
        Properties own = new Properties();
        Properties info = new Properties();
        for (String key : given.stringPropertyNames()) {
            (isOwn(key) ? own : info).setProperty(key, given.getProperty(key));
        }
        String real = "jdbc:" + url.substring(PREFIX.length());
        int mark = real.indexOf('?');
        List<String> parameters = new ArrayList<>();
        for (String parameter :
                mark < 0 ? List.<String>of() : List.of(real.substring(mark + 1).split("&"))) {
            if (isOwn(name(parameter))) {
                own.setProperty(name(parameter), value(parameter));
            } else if (name(parameter).equals(ATTRIBUTES)) {
                info.setProperty(ATTRIBUTES, value(parameter));
            } else if (!parameter.isEmpty()) {
                parameters.add(parameter);
            }
        }
        String address = mark < 0 ? real : real.substring(0, mark);
        return new Target(address, parameters, info, DriverSettings.of(own));
    }

    /** The URL up to the question mark: {@code jdbc:mysql://db:3306/shop}. */
    String address() {
        return address;
    }

    /** The URL as the wrapped driver gets it. */
    String realUrl() {
        return parameters.isEmpty() ? address : address + "?" + String.join("&", parameters);
    }

    String user() {
        return parameters.stream()
                .filter(p -> name(p).equals("user"))
                .map(Target::value)
                .findFirst()
                .orElse(info.getProperty("user", ""));
    }

    DriverSettings settings() {
        return settings;
    }

    /** Properties for the wrapped driver, as the application gave them. */
    Properties info() {
        Properties copy = new Properties();
        copy.putAll(info);
        return copy;
    }

    /** A connection for the application. The server shows the client's id beside it. */
    Connection connect(UUID client) throws SQLException {
        Properties with = info();
        String attributes = with.getProperty(ATTRIBUTES, "");
        if (!attributes.equals("none")) {
            with.setProperty(ATTRIBUTES, (attributes.isEmpty() ? "" : attributes + ",") + "crossfade_client:" + client);
        }
        return connect(realUrl(), with);
    }

    /** A connection for the control tables, in autocommit mode, on which no call lasts longer than about the timeout. */
    Connection connectControl(Duration timeout) throws SQLException {
        List<String> others = parameters.stream()
                .filter(p -> !name(p).equals("connectTimeout") && !name(p).equals("socketTimeout"))
                .toList();
        Properties with = info();
        with.setProperty("connectTimeout", Long.toString(timeout.toMillis()));
        with.setProperty("socketTimeout", Long.toString(timeout.toMillis()));
        Connection connection = connect(others.isEmpty() ? address : address + "?" + String.join("&", others), with);
        connection.setAutoCommit(true);
        return connection;
    }

    private static Connection connect(String url, Properties with) throws SQLException {
        Connection connection = driver(url).connect(url, with);
        if (connection == null) {
            throw missing(url, null);
        }
        return connection;
    }

    private static Driver driver(String url) throws SQLException {
        try {
            return DriverManager.getDriver(url);
        } catch (SQLException e) {
            throw missing(url, e);
        }
    }

    private static SQLException missing(String url, @org.jspecify.annotations.Nullable SQLException cause) {
        String wanted = url.startsWith("jdbc:mariadb:")
                ? "org.mariadb.jdbc:mariadb-java-client"
                : "com.mysql:mysql-connector-j";
        String message = "cannot connect: no driver takes " + url.replaceFirst("\\?.*", "") + "; put " + wanted
                + " on the class path";
        return cause == null ? CrossfadeError.configuration(message) : CrossfadeError.configuration(message, cause);
    }

    private static boolean isOwn(String key) {
        return key.startsWith(DriverProperty.PREFIX);
    }

    private static String name(String parameter) {
        int equals = parameter.indexOf('=');
        return equals < 0 ? parameter : parameter.substring(0, equals);
    }

    private static String value(String parameter) {
        int equals = parameter.indexOf('=');
        return equals < 0 ? "" : URLDecoder.decode(parameter.substring(equals + 1), StandardCharsets.UTF_8);
    }
}

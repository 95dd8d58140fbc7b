package io.crossfade.cli;

import io.crossfade.cli.socket.BoundedLogin;
import io.crossfade.cli.socket.WatchedSockets;
import io.crossfade.migrator.session.ConnectFailure;
import io.crossfade.migrator.stream.Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How to reach the database. A password is read from a file, the environment, the terminal or the URL, and never shown. */
final class ConnectionOptions {
    /** A server that does not answer by then is not there. */
    private static final String CONNECT_TIMEOUT_MILLIS = "10000";

    private static final String PASSWORD_VARIABLE = "CROSSFADE_PASSWORD";

    @Option(
            names = "--url",
            required = true,
            paramLabel = "URL",
            description = "the database: jdbc:mysql://host:3306/database; jdbc:mariadb:// and jdbc:crossfade: URLs too")
    private String url = "";

    @Option(names = "--user", paramLabel = "NAME", description = "the user; else the one in the URL")
    private @Nullable String user;

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description = "a file with the password in its first line; else variable " + PASSWORD_VARIABLE)
    private @Nullable Path passwordFile;

    @Option(names = "--ask-pass", description = "ask for the password on the terminal")
    private boolean asksPassword;

    private @Nullable String asked;

    /** Opens a session, as {@code user}; reads the password once. */
    Connection open() throws SQLException {
        return open(DatabaseUrl.of(url));
    }

    /** Opens a session on another server as the same user. */
    Connection open(DatabaseUrl other) throws SQLException {
        Properties properties = login();
        properties.setProperty("connectionAttributes", "program_name:crossfade");
        // No text of ours has JDBC's escapes, and a name like `{d` is none.
        properties.setProperty("enableEscapeProcessing", "false");
        properties.setProperty("processEscapeCodesForPrepStmts", "false");
        properties.setProperty("connectTimeout", CONNECT_TIMEOUT_MILLIS);
        WatchedSockets.into(properties, other.url());
        try {
            return BoundedLogin.open(() -> DriverManager.getConnection(other.url(), properties));
        } catch (SQLException e) {
            throw ConnectFailure.told(other.shown(), e);
        }
    }

    /** Where the change log of the database's server is read; null where the URL does not tell. */
    @Nullable
    Endpoint log() {
        return ChangeLogAddress.of(DatabaseUrl.of(url), login());
    }

    private Properties login() {
        Properties properties = new Properties();
        String name = user;
        if (name != null) {
            properties.setProperty("user", name);
        }
        String password = password();
        if (password != null) {
            properties.setProperty("password", password);
        }
        return properties;
    }

    private @Nullable String password() {
        String known = asked;
        if (known != null) {
            return known;
        }
        Path file = passwordFile;
        if (file != null) {
            try {
                asked = Files.readString(file).lines().findFirst().orElse("");
            } catch (IOException e) {
                throw new UsageException("cannot read the password: file " + file + "; " + e.getMessage()
                        + "; name a file that can be read");
            }
        } else if (asksPassword) {
            asked = fromTerminal();
        } else {
            asked = System.getenv(PASSWORD_VARIABLE);
        }
        return asked;
    }

    static String fromTerminal() {
        char[] typed = Terminal.console().map(c -> c.readPassword("Password: ")).orElse(null);
        if (typed == null) {
            throw new UsageException(
                    "cannot ask for the password; there is no terminal; use --password-file or " + PASSWORD_VARIABLE);
        }
        return new String(typed);
    }
}

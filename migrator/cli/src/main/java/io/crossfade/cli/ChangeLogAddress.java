package io.crossfade.cli;

import com.mysql.cj.conf.ConnectionUrl;
import com.mysql.cj.conf.HostInfo;
import io.crossfade.migrator.stream.Endpoint;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** Where the change log of the server behind a URL is read, and as whom: as the sessions are opened, and read as Connector/J reads it. */
final class ChangeLogAddress {

    private ChangeLogAddress() {}

    /**
     * The server's address.
     *
     * @param properties what is given beside the URL
     * @return null where the URL names several servers, or none that is reached by host and port
     */
    static @Nullable Endpoint of(DatabaseUrl url, Properties properties) {
        ConnectionUrl read = ConnectionUrl.getConnectionUrlInstance(url.url(), properties);
        if (read.getType() != ConnectionUrl.Type.SINGLE_CONNECTION
                || read.getHostsList().size() != 1) {
            return null;
        }
        HostInfo host = read.getMainHost();
        String user = host.getUser();
        String password = host.getPassword();
        return new Endpoint(
                bare(host.getHost()),
                host.getPort(),
                user == null ? "" : user,
                password == null ? "" : password,
                tls(host.getHostProperties()),
                // Two readers with one id throw each other out on MariaDB.
                Endpoint.REPLICA_SERVER_ID + ProcessHandle.current().pid());
    }

    /** {@code [::1]} → {@code ::1}. */
    private static String bare(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    private static Endpoint.Tls tls(Map<String, String> parameters) {
        String mode = String.valueOf(parameters.get("sslMode")).toUpperCase(Locale.ROOT);
        if (mode.equals("DISABLED") || "false".equalsIgnoreCase(parameters.get("useSSL"))) {
            return Endpoint.Tls.OFF;
        }
        return switch (mode) {
            case "REQUIRED" -> Endpoint.Tls.REQUIRED;
            case "VERIFY_CA", "VERIFY_IDENTITY" -> Endpoint.Tls.VERIFIED;
            default -> Endpoint.Tls.PREFERRED;
        };
    }
}

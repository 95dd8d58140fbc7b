package io.crossfade.migrator.session;

import java.security.cert.CertificateException;
import java.sql.SQLException;

/** Says in one line why a server could not be reached, where the driver says that "communications" failed. */
public final class ConnectFailure {

    private static final int ACCESS_DENIED = 1045;

    private ConnectFailure() {}

    /**
     * The same failure with its server and what was at its bottom; state and code stay.
     *
     * @param server as the operator knows it
     */
    public static SQLException told(String server, SQLException e) {
        Throwable bottom = e;
        boolean isUntrusted = false;
        while (bottom.getCause() != null) {
            bottom = bottom.getCause();
            isUntrusted |= bottom instanceof CertificateException;
        }
        String seen = String.valueOf(bottom.getMessage()).lines().findFirst().orElse("");
        String todo = "";
        if (isUntrusted) {
            seen = "its certificate is not trusted: " + seen;
            todo =
                    "; give its authority by --ssl-ca (in a URL by trustCertificateKeyStoreUrl), and the host by a name that"
                            + " stands in the certificate; or say --ssl-allow-insecure, and it is not looked at";
        } else if (e.getErrorCode() == ACCESS_DENIED) {
            // The server does not tell which of them it was.
            todo =
                    "; check user and password; a user who must show a certificate (REQUIRE X509) needs --ssl with --ssl-cert"
                            + " and --ssl-key, or in a URL clientCertificateKeyStoreUrl";
        } else if (SqlFailure.isLostConnection(e)) {
            todo = "; see whether it runs and can be reached from here";
        }
        return new SQLException(
                "cannot connect to " + server + "; " + seen + todo, e.getSQLState(), e.getErrorCode(), e);
    }
}

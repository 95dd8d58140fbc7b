package io.crossfade.migrator.stream;

import com.github.shyiko.mysql.binlog.network.SSLSocketFactory;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.security.NoSuchAlgorithmException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * TLS to one host, whose certificate has to be of an authority that the JVM trusts and has to name the host as it was given. The
 * reader's library would look an address up and ask for the name that it finds, which no certificate of that address has.
 *
 * <p>Immutable.
 */
final class VerifiedSockets implements SSLSocketFactory {
    private final String host;
    private final int port;

    VerifiedSockets(String host, int port) {
        this.host = host;
        this.port = port;
    }

    @Override
    public SSLSocket createSocket(Socket plain) throws SocketException {
        try {
            SSLSocket socket =
                    (SSLSocket) SSLContext.getDefault().getSocketFactory().createSocket(plain, host, port, true);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            return socket;
        } catch (NoSuchAlgorithmException | IOException e) {
            SocketException told = new SocketException("TLS cannot be begun: " + e.getMessage());
            told.initCause(e);
            throw told;
        }
    }
}

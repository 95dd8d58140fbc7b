package io.crossfade.migrator.stream;

import com.github.shyiko.mysql.binlog.network.SSLSocketFactory;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * TLS to one host, with the keys and the authorities of a context. Where it is verified, the certificate has to name the host as it was
 * given: the reader's library would look an address up and ask for the name that it finds, which no certificate of that address has.
 *
 * <p>Immutable.
 */
final class SecureSockets implements SSLSocketFactory {
    private final String host;
    private final int port;
    private final SSLContext context;
    private final boolean asksForName;

    /**
     * @param asksForName whether the certificate has to name the host
     */
    SecureSockets(String host, int port, SSLContext context, boolean asksForName) {
        this.host = host;
        this.port = port;
        this.context = context;
        this.asksForName = asksForName;
    }

    @Override
    public SSLSocket createSocket(Socket plain) throws SocketException {
        try {
            SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, host, port, true);
            if (asksForName) {
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                socket.setSSLParameters(parameters);
            }
            return socket;
        } catch (IOException e) {
            SocketException told = new SocketException("TLS cannot be begun: " + e.getMessage());
            told.initCause(e);
            throw told;
        }
    }
}

package io.crossfade.migrator.stream;

import com.github.shyiko.mysql.binlog.BinaryLogClient;
import com.github.shyiko.mysql.binlog.network.SSLMode;
import com.github.shyiko.mysql.binlog.network.protocol.command.QueryCommand;
import java.io.IOException;
import java.net.Socket;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a server's change log. {@link #connect} reads on the calling thread until it ends; {@link #cut} ends it
 * from any.
 */
final class LogConnection extends BinaryLogClient {

    private static final Duration CONNECT_BOUND = Duration.ofSeconds(10);

    /** An idle server says this often that it is there. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(2);

    /** A server that looks for the place in many files is silent for a while: judged, not measured. */
    private static final Duration SILENCE_BOUND = Duration.ofSeconds(60);

    /** How long the server waits while the queue is full, before it takes the reader for gone. */
    private static final Duration FULL_QUEUE_BOUND = Duration.ofHours(1);

    /** The library reports what is reported here anyway; held, or the setting would be collected. */
    private static final Logger LIBRARY = Logger.getLogger(LogConnection.class.getName());

    static {
        LIBRARY.setLevel(Level.OFF);
    }

    private final String readerId;
    private final Runnable onReading;
    private final Socket socket = new Socket();
    private volatile @Nullable Exception end;

    /**
     * @param tls how it is protected; the endpoint's wish, or without where that is worth nothing
     * @param readerId tells this reader from others with the same server id, of which MySQL would throw out one
     * @param onReading called when the log has been asked for
     */
    LogConnection(Endpoint endpoint, Endpoint.Tls tls, RawEvents events, UUID readerId, Runnable onReading)
            throws IOException {
        super(endpoint.host(), endpoint.port(), endpoint.user(), endpoint.password());
        this.readerId = readerId.toString();
        this.onReading = onReading;
        socket.setSoTimeout((int) SILENCE_BOUND.toMillis());
        setSocketFactory(() -> socket);
        setServerId(endpoint.replicaServerId());
        setConnectTimeout(CONNECT_BOUND.toMillis());
        setHeartbeatInterval(HEARTBEAT.toMillis());
        setKeepAlive(false);
        setEventDeserializer(events);
        setSSLMode(
                switch (tls) {
                    case OFF -> SSLMode.DISABLED;
                    case PREFERRED -> SSLMode.PREFERRED;
                    case REQUIRED -> SSLMode.REQUIRED;
                    case VERIFIED -> SSLMode.VERIFY_CA;
                });
        boolean isVerified = tls == Endpoint.Tls.VERIFIED;
        SSLContext context = endpoint.context();
        if (isVerified || (tls == Endpoint.Tls.REQUIRED && context != null)) {
            setSslSocketFactory(new SecureSockets(
                    endpoint.host(), endpoint.port(), context == null ? ofTheJvm() : context, isVerified));
        }
        registerLifecycleListener(new AbstractLifecycleListener() {
            @Override
            public void onConnect(BinaryLogClient client) {
                LogConnection.this.onReading.run();
            }

            @Override
            public void onCommunicationFailure(BinaryLogClient client, Exception e) {
                end = e;
            }
        });
    }

    private static SSLContext ofTheJvm() throws IOException {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new IOException("TLS cannot be begun: " + e.getMessage(), e);
        }
    }

    /** What ended it; null where the server just hung up. */
    @Nullable
    Exception end() {
        return end;
    }

    void cut() throws IOException {
        socket.close();
    }

    @Override
    protected void setupConnection() throws IOException {
        super.setupConnection();
        execute("SET @slave_uuid = '" + readerId + "', @replica_uuid = '" + readerId + "'");
        execute("SET SESSION net_write_timeout = " + FULL_QUEUE_BOUND.toSeconds());
    }

    private void execute(String sql) throws IOException {
        channel.write(new QueryCommand(sql));
        checkError(channel.read());
    }
}

package io.crossfade.migrator.stream;

import java.net.InetAddress;
import java.net.UnknownHostException;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Where a change log is read and as whom. Immutable; {@link #toString} keeps the password to itself.
 *
 * @param replicaServerId the server id that the reader registers with; unique among the server's replicas
 * @param context our certificate and whom we trust, where TLS is asked for; null: the JVM's own
 */
public record Endpoint(
        String host,
        int port,
        String user,
        String password,
        Tls tls,
        long replicaServerId,
        @Nullable SSLContext context) {

    /** gh-ost's default. */
    public static final long REPLICA_SERVER_ID = 99_999;

    public Endpoint(String host, int port, String user, String password, Tls tls, long replicaServerId) {
        this(host, port, user, password, tls, replicaServerId, null);
    }

    /** How the connection is protected. */
    public enum Tls {
        OFF,
        /** Where the server can and it is not this machine; its certificate is not looked at. */
        PREFERRED,
        REQUIRED,
        VERIFIED
    }

    /**
     * Whether the reader may do without TLS: nobody asked for it, and what it would protect never leaves this machine. Decrypting the
     * log costs more than everything else that the reader does.
     */
    boolean isPlainEnough() {
        if (tls != Tls.PREFERRED) {
            return false;
        }
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            // Whoever connects says so, with the host's name.
            return false;
        }
    }

    @Override
    public String toString() {
        return user + "@" + host + ":" + port;
    }
}

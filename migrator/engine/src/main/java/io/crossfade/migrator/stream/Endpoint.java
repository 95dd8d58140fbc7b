package io.crossfade.migrator.stream;

/**
 * Where a change log is read and as whom. Immutable; {@link #toString} keeps the password to itself.
 *
 * @param replicaServerId the server id that the reader registers with; unique among the server's replicas
 */
public record Endpoint(String host, int port, String user, String password, Tls tls, long replicaServerId) {

    /** gh-ost's default. */
    public static final long REPLICA_SERVER_ID = 99_999;

    /** How the connection is protected. */
    public enum Tls {
        OFF,
        /** Where the server can; its certificate is not looked at. */
        PREFERRED,
        REQUIRED,
        VERIFIED
    }

    @Override
    public String toString() {
        return user + "@" + host + ":" + port;
    }
}

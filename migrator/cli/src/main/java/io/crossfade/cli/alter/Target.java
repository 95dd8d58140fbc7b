package io.crossfade.cli.alter;

import io.crossfade.cli.socket.HostWatch;
import io.crossfade.migrator.mysql.Connections;
import io.crossfade.migrator.stream.Endpoint;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Consumer;

/**
 * The server that is written, found by the named one. Immutable.
 *
 * @param named the server of --host
 * @param source the one that is written and whose change log is read
 * @param login at the named server and at replicas
 * @param onSource at the one that is written
 * @param watch of the sessions there
 */
record Target(
        Servers servers, Address named, Address source, Login login, Login onSource, Endpoint log, HostWatch watch)
        implements AutoCloseable {

    static Target find(AlterOptions o, String database, Surroundings around, Consumer<String> note)
            throws SQLException {
        Tls tls = new Tls(o.target);
        Servers servers = new Servers(database, tls.properties(), o.target.mysqlTimeout);
        Address named = new Address(o.target.host, o.target.port);
        Login login = Login.of(o.target, around.terminal(), around.environment());
        Login onSource = login.onSource(o.target, around.environment());
        Address source;
        if (o.mode.migrateOnReplica || o.mode.testOnReplica) {
            servers.requireReplica(named, login);
            source = named;
            note.accept(
                    "the table is " + (o.mode.testOnReplica ? "tried" : "changed") + " on " + named
                            + " itself, not on the server that it replicates from; what is written here is in this server's log alone");
        } else if (!o.target.assumeMasterHost.isEmpty()) {
            source = Address.of(o.target.assumeMasterHost);
        } else {
            source = servers.source(named, login, onSource, o.mode.allowMasterMaster, note);
        }
        Login used = source.equals(named) ? login : onSource;
        Endpoint log = new Endpoint(
                source.host(),
                source.port(),
                used.user(),
                used.password(),
                tls.endpoint(),
                serverId(o, around),
                tls.context());
        HostWatch watch = new HostWatch(() -> servers.open(source, used), note);
        return new Target(servers, named, source, login, used, log, watch);
    }

    /** Two readers with one id throw each other out on MariaDB, so that a run has its own unless it is told one. */
    private static long serverId(AlterOptions o, Surroundings around) {
        return around.isGiven().test("--replica-server-id")
                ? o.mode.replicaServerId
                : Endpoint.REPLICA_SERVER_ID + ProcessHandle.current().pid();
    }

    /** A session on the server that is written. */
    Connection open() throws SQLException {
        return watch.open();
    }

    /** A session on the server of --host. */
    Connection openNamed() throws SQLException {
        return servers.openPlain(named, login);
    }

    /** A session on a replica. */
    Connection openReplica(String hostAndPort) throws SQLException {
        return servers.openPlain(Address.of(hostAndPort), login);
    }

    Connections connections() {
        return new Connections(this::open);
    }

    @Override
    public void close() {
        watch.close();
    }
}

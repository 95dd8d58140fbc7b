package io.crossfade.testkit;

import java.util.ArrayList;
import java.util.List;

/** The server options that every test server runs with, embedded or in a container. */
final class ServerOptions {
    /** Connections, not a measured need: more than any test here opens, so that no test meets the server's limit. */
    private static final int CONNECTIONS_MAX = 1000;

    private ServerOptions() {}

    /**
     * Row change log, global transaction ids, and durability that survives a crash of the server but not of the
     * machine. Valid for MySQL 5.7 to 9 and MariaDB 10.11 to 11.8.
     */
    static List<String> common(ServerKind kind) {
        List<String> options = new ArrayList<>(List.of(
                "--server-id=1",
                "--log-bin=binlog",
                "--binlog-format=ROW",
                "--binlog-row-image=FULL",
                // Else each new connection may wait for a name server.
                "--skip-name-resolve",
                "--max-connections=" + CONNECTIONS_MAX,
                "--character-set-server=utf8mb4",
                "--innodb-flush-log-at-trx-commit=2",
                "--sync-binlog=0"));
        if (!kind.isMariaDb()) {
            options.addAll(List.of("--gtid-mode=ON", "--enforce-gtid-consistency=ON"));
        }
        return List.copyOf(options);
    }
}

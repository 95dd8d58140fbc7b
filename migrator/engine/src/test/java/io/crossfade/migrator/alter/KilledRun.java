package io.crossfade.migrator.alter;

import io.crossfade.migrator.ghost.Rules;
import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.migrator.mysql.Connections;
import io.crossfade.migrator.signal.Cancel;
import io.crossfade.migrator.stream.Endpoint;
import io.crossfade.migrator.throttle.Throttles;
import io.crossfade.model.TableName;
import java.sql.DriverManager;
import java.util.List;

/** A program that changes a table, to be killed: host, port, user, database, ALTER; the password comes by the environment. */
final class KilledRun {
    private KilledRun() {}

    public static void main(String[] words) throws Exception {
        String password = System.getenv("KILLED_RUN_PASSWORD");
        int port = Integer.parseInt(words[1]);
        String url = "jdbc:mysql://" + words[0] + ":" + port + "/" + words[3]
                + "?allowPublicKeyRetrieval=true&sslMode=DISABLED";
        Cancel cancel = new Cancel();
        Controls controls = new Controls();
        controls.chunkRows(50);
        new Alteration(
                        new AlterRequest(
                                List.of(new TableAlter(new TableName(words[3], "t"), words[4])),
                                StressCase.renamesApproved(Rules.IndexTime.AFTER_ROWS),
                                StressCase.bounds(2)),
                        new Connections(() -> DriverManager.getConnection(url, words[2], password)),
                        new Endpoint(words[0], port, words[2], password, Endpoint.Tls.OFF, 99_998),
                        controls,
                        new Throttles(List.of(), cancel, progress -> {}),
                        cancel,
                        progress -> System.out.println(progress))
                .run();
        System.out.println("END");
    }
}

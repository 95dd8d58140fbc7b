package io.crossfade.migrator.alter;

import static io.crossfade.testkit.ServerKind.MYSQL_80;
import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import io.crossfade.testkit.TestServer;
import java.sql.Connection;
import java.util.concurrent.atomic.AtomicInteger;

/** How many rows a chunk of the copy has. */
final class ChunkRowsTest {

    /** Whoever says how large a chunk is to be means to spare the server. */
    @ServerTest(MYSQL_80)
    void noChunkIsLargerThanAsked(TestServer server, TestDatabase database) throws Exception {
        assertThat(chunks(server, database, 10)).isGreaterThanOrEqualTo(60);
        assertThat(chunks(server, database, 0)).isLessThan(60);
    }

    private static int chunks(TestServer server, TestDatabase database, int most) throws Exception {
        AlterTrial trial = new AlterTrial(server, database);
        trial.execute("DROP TABLE IF EXISTS t, _t_del", "CREATE TABLE t (id INT PRIMARY KEY, k INT)");
        StringBuilder rows = new StringBuilder("INSERT INTO t VALUES (0, 0)");
        for (int i = 1; i < 600; i++) {
            rows.append(", (").append(i).append(", 0)");
        }
        trial.execute(rows.toString());
        if (most > 0) {
            trial.controls.chunkRowsAtMost(most);
        }
        AtomicInteger chunks = new AtomicInteger();
        trial.source = new WatchedSource(trial::connect, new WatchedSource.Watch() {
            @Override
            public void before(Connection session, String sql) {
                if (sql.startsWith("INSERT") && sql.contains("`_t_gho`") && sql.contains("SELECT")) {
                    chunks.incrementAndGet();
                }
            }
        });
        trial.alter("t", "ADD COLUMN note INT");
        return chunks.get();
    }
}

package io.crossfade.migrator.alter;

import static io.crossfade.testkit.ServerKind.MARIADB_114;
import static io.crossfade.testkit.ServerKind.MYSQL_80;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.migrator.ghost.Rules;
import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.migrator.mysql.SomeRules;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.signal.Milestone;
import io.crossfade.migrator.signal.Progress;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import io.crossfade.testkit.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** {@code --exact-rowcount}: rows that are counted, beside the copy or before it. */
final class RowCountTest {
    private static final int SECONDS_MAX = 30;

    private static AlterTrial trial(TestServer server, TestDatabase database, Rules.Count count) throws Exception {
        AlterTrial trial = new AlterTrial(server, database);
        trial.execute("CREATE TABLE t (id INT PRIMARY KEY, k INT)");
        for (int i = 0; i < 300; i++) {
            trial.execute("INSERT INTO t VALUES (" + i + ", 1)");
        }
        trial.rules = SomeRules.with(r -> {
            r.route = Rules.Route.GHOST;
            r.count = count;
        });
        trial.controls.chunkRows(50);
        return trial;
    }

    private static boolean isCount(String sql) {
        return sql.startsWith("SELECT COUNT(*) FROM") && sql.contains("`t`") && !sql.contains(" WHERE ");
    }

    private static boolean isCopy(String sql) {
        return sql.startsWith("INSERT") && sql.contains("`_t_gho`") && sql.contains("SELECT");
    }

    /** The first chunk is sent before the count is, and the second one when it is over. */
    @ServerTest({MYSQL_80, MARIADB_114})
    void theCopyDoesNotWaitForTheCount(TestServer server, TestDatabase database) throws Exception {
        AlterTrial trial = trial(server, database, Rules.Count.BESIDE_COPY);
        CountDownLatch copying = new CountDownLatch(1);
        CountDownLatch counted = new CountDownLatch(1);
        List<String> counts = Collections.synchronizedList(new ArrayList<>());
        List<Boolean> waits = Collections.synchronizedList(new ArrayList<>());
        List<Long> totals = Collections.synchronizedList(new ArrayList<>());
        List<Alteration> alterations = new ArrayList<>();
        trial.listener = p -> {
            trial.progress.add(p);
            if (p instanceof Progress.Reached at && at.milestone() == Milestone.ROWS_COUNTED) {
                totals.add(alterations.get(0).status().rowsTotal());
                counted.countDown();
            }
        };
        trial.source = new WatchedSource(trial::connect, new WatchedSource.Watch() {
            @Override
            public void before(Connection session, String sql) {
                if (isCount(sql)) {
                    counts.add(sql);
                    waits.add(done(copying));
                } else if (isCopy(sql)) {
                    boolean isFirst = copying.getCount() > 0;
                    copying.countDown();
                    waits.add(isFirst || done(counted));
                }
            }
        });
        alterations.add(trial.alteration(new TableAlter(trial.table("t"), "ADD COLUMN note INT")));
        alterations.get(0).run();
        assertThat(waits).isNotEmpty().containsOnly(true);
        assertThat(totals).containsExactly(300L);
        assertThat(counts).hasSize(1).noneMatch(s -> s.contains("FORCE INDEX"));
        assertThat(trial.column("SHOW COLUMNS FROM t")).contains("note");
    }

    private static boolean done(CountDownLatch latch) {
        try {
            return latch.await(SECONDS_MAX, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @ServerTest({MYSQL_80, MARIADB_114})
    void theCopyWaitsWhereItIsAskedTo(TestServer server, TestDatabase database) throws Exception {
        AlterTrial trial = trial(server, database, Rules.Count.BEFORE_COPY);
        List<String> sent = Collections.synchronizedList(new ArrayList<>());
        trial.source = new WatchedSource(trial::connect, new WatchedSource.Watch() {
            @Override
            public void after(Connection session, String sql) {
                if (isCount(sql) || isCopy(sql)) {
                    sent.add(isCount(sql) ? "count" : "copy");
                }
            }
        });
        trial.alter("t", "ADD COLUMN note INT");
        assertThat(sent).startsWith("count", "copy").containsOnlyOnce("count");
    }

    /** The count waits for a lock that is never given back; nothing of it stays on the server. */
    @ServerTest({MYSQL_80, MARIADB_114})
    void aCountThatLastsHearsTheOperator(TestServer server, TestDatabase database) throws Exception {
        AlterTrial trial = trial(server, database, Rules.Count.BEFORE_COPY);
        try (Connection other = trial.connect();
                Statement locking = other.createStatement()) {
            trial.source = new WatchedSource(trial::connect, new WatchedSource.Watch() {
                @Override
                public void before(Connection session, String sql) throws SQLException {
                    if (isCount(sql)) {
                        locking.execute("LOCK TABLES t WRITE");
                        trial.controls.panic();
                    }
                }
            });
            assertThatThrownBy(() -> trial.alter("t", "ADD COLUMN note INT"))
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining("panic");
            locking.execute("UNLOCK TABLES");
        }
        assertThat(trial.said()).noneMatch(t -> t.contains("could not be counted"));
        assertThat(trial.progress)
                .noneMatch(p -> p instanceof Progress.Reached at && at.milestone() == Milestone.ROWS_COUNTED);
        assertThat(trial.column("SELECT INFO FROM information_schema.PROCESSLIST WHERE DB = DATABASE() AND INFO LIKE"
                        + " 'SELECT COUNT(*) FROM %' AND INFO NOT LIKE '%PROCESSLIST%'"))
                .isEmpty();
    }
}

package io.crossfade.migrator.alter;

import static io.crossfade.testkit.ServerKind.MARIADB_114;
import static io.crossfade.testkit.ServerKind.MYSQL_80;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.migrator.apply.Markers;
import io.crossfade.migrator.ghost.Rules;
import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.migrator.mysql.Server;
import io.crossfade.migrator.mysql.SomeRules;
import io.crossfade.migrator.signal.Cancel;
import io.crossfade.migrator.signal.Listener;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.signal.Progress;
import io.crossfade.migrator.throttle.Throttles;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import io.crossfade.testkit.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** Tables that a run drops, before it or after it, and what it says meanwhile. */
final class DroppedTablesTest {

    private static AlterTrial trial(TestServer server, TestDatabase database) throws Exception {
        AlterTrial trial = new AlterTrial(server, database);
        trial.execute("CREATE TABLE t (id INT PRIMARY KEY, k INT)", "INSERT INTO t VALUES (1, 10), (2, 20)");
        return trial;
    }

    @ServerTest({MYSQL_80, MARIADB_114})
    void noWayBackLeadsToATableThatIsHalfDropped(TestServer server, TestDatabase database) throws Exception {
        trial(server, database).alter("t", "ADD COLUMN note INT");
        AlterTrial next = new AlterTrial(server, database);
        next.rules = SomeRules.with(r -> {
            r.route = Rules.Route.GHOST;
            r.dropsOldFirst = true;
        });
        AtomicBoolean isArmed = new AtomicBoolean(true);
        next.source = new WatchedSource(next::connect, new WatchedSource.Watch() {
            @Override
            public void before(Connection session, String sql) throws SQLException {
                if (sql.startsWith("DROP TABLE") && sql.contains("_t_del") && isArmed.getAndSet(false)) {
                    throw new SQLException("the disk is gone", "HY000", 1030);
                }
            }
        });
        assertThatThrownBy(() -> next.alter("t", "ADD COLUMN other INT"))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("1030");
        assertThatThrownBy(() ->
                        next.alteration(new TableAlter(next.table("t"), "")).revert())
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("no change of it by a ghost is known");
        next.alter("t", "ADD COLUMN other INT");
        assertThat(next.column("SHOW COLUMNS FROM t")).containsExactly("id", "k", "note", "other");
    }

    @ServerTest({MYSQL_80})
    void theStatusSaysThatTheOldTableGoes(TestServer server, TestDatabase database) throws Exception {
        AlterTrial trial = trial(server, database);
        trial.rules = SomeRules.with(r -> {
            r.route = Rules.Route.GHOST;
            r.dropsOldAfter = true;
        });
        List<String> states = new ArrayList<>();
        List<Alteration> alterations = new ArrayList<>();
        trial.listener = p -> {
            if (p instanceof Progress.Executed done && done.sql().contains("_t_del")) {
                states.add(alterations.get(0).status().state());
            }
        };
        alterations.add(trial.alteration(new TableAlter(trial.table("t"), "ADD COLUMN note INT")));
        alterations.get(0).run();
        assertThat(states).containsExactly("dropping the old table");
        assertThat(alterations.get(0).status().state()).isEqualTo(Status.DONE);
    }

    @ServerTest({MYSQL_80})
    void theStatusSaysHowFarADropIs(TestServer server, TestDatabase database) throws Exception {
        AlterTrial trial = trial(server, database);
        Cancel cancel = new Cancel();
        try (Connection connection = trial.connections().open();
                Throttles throttles = new Throttles(List.of(), cancel, p -> {})) {
            Site site = new Site(
                    new AlterRequest(List.of(), trial.rules, trial.bounds, trial.switches),
                    trial.connections(),
                    new Sessions(trial.connections(), trial.rules, Duration.ofSeconds(9)),
                    Server.of(connection),
                    trial.controls,
                    throttles,
                    cancel,
                    new Cancel(),
                    p -> {},
                    "id");
            GhostStatus status = new GhostStatus(site, Markers.ofOneRun());
            List<Progress> told = new ArrayList<>();
            Listener listener = status.heard(told::add);
            status.copyEnds();
            listener.on(new Progress.Rows("drop shop._t_del", 300, 1500, 300, 100, 100, false));
            Status seen = status.now(Duration.ZERO);
            assertThat(seen.state()).isEqualTo("dropping shop._t_del, 300/1500 rows");
            assertThat(seen.left()).isEqualTo(Duration.ofSeconds(12));
            assertThat(seen.isDropping()).isTrue();
            listener.on(new Progress.Rows("drop shop._t_del", 1500, 1500, 1500, 100, 100, true));
            assertThat(status.now(Duration.ZERO).state()).isEqualTo("preparing");
            assertThat(told).hasSize(2);
        }
    }
}

package io.crossfade.sql.differential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.crossfade.model.Direction;
import io.crossfade.model.Side;
import io.crossfade.model.Stage;
import io.crossfade.sql.differential.Twin.Outcome;
import io.crossfade.state.ChangeRow;
import io.crossfade.state.ControlStore;
import io.crossfade.testkit.SeededRandom;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.SqlGenerator;
import io.crossfade.testkit.SqlGenerator.Statement;
import io.crossfade.testkit.TestDatabase;
import io.crossfade.testkit.TestServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Random statements through the driver, with the stages moved underneath it by the control tables, beside the same
 * statements on a table that does not change. Transactions and rollbacks among them. In half of the runs every read compares the rows that it
 * gives, of which nobody may see anything. Two tests at once, each in databases of its own.
 */
@Execution(ExecutionMode.CONCURRENT)
class DriverDifferentialTest {

    private static final int RUNS = Integer.getInteger("crossfade.test.runs", 4);

    private static final int STATEMENTS_PER_STAGE = 15;

    /** SQLState of a connection's refusal to rewrite; see CrossfadeError. */
    private static final String REFUSED = "0A000";

    private static final List<Stage> FORWARD = List.of(
            Stage.EXPAND, Stage.DUALWRITE, Stage.SHADOW, Stage.LIVE, Stage.RAMPDOWN, Stage.COMPLETE, Stage.CONTRACT);

    @ServerTest
    void oldCodeThroughTheDriverCannotTell(TestServer server) throws Exception {
        run(server, Side.OLD);
    }

    @ServerTest
    void newCodeThroughTheDriverCannotTell(TestServer server) throws Exception {
        run(server, Side.NEW);
    }

    private static void run(TestServer server, Side view) throws Exception {
        try (TestDatabase plain = TestDatabase.create(server);
                TestDatabase changing = TestDatabase.create(server)) {
            String url = changing.jdbcUrl().replace("jdbc:", "jdbc:crossfade:")
                    + "&crossfade.pollMillis=50&crossfade.view=" + (view == Side.OLD ? "old" : "new");
            SeededRandom.forAll(RUNS, random -> {
                List<Scenario> scenarios = Scenario.all().stream()
                        .filter(s -> view == Side.OLD || !s.newFields().isEmpty())
                        .toList();
                Scenario scenario = random.pick(scenarios);
                for (TestDatabase database : List.of(plain, changing)) {
                    database.execute("DROP TABLE IF EXISTS item", "DROP TABLE IF EXISTS other");
                }
                String compares = "&crossfade.comparePercent=" + (random.chance(50) ? 100 : 0);
                try (Twin twin = new Twin(plain, changing, scenario, view);
                        Connection driver =
                                DriverManager.getConnection(url + compares, changing.user(), changing.password())) {
                    new Run(twin, scenario, view, random, driver, new ControlStore(twin.changing)).all();
                }
            });
        }
    }

    /** One seed: a path through the stages. */
    private record Run(
            Twin twin, Scenario scenario, Side view, SeededRandom random, Connection driver, ControlStore store) {

        void all() throws Exception {
            store.install();
            store.changes().open(twin.change, twin.before, "test", "test");
            twin.onMove(this::move);
            int last = random.pick(List.of(2, 3, 4, 5, 5, 6, 6));
            if (!twin.change.dropsColumns()) {
                last = Math.min(last, 5);
            }
            for (int i = 0; i <= last; i++) {
                twin.moveTo(FORWARD.get(i), Direction.FORWARD);
                if (view == Side.OLD || i >= 1) {
                    statements();
                }
            }
            if (last < 6) {
                for (int i = last - 1; i >= 1; i--) {
                    twin.moveTo(FORWARD.get(i), Direction.BACK);
                    statements();
                }
            }
            assertThat(store.comparisons().of(twin.change.id()))
                    .as("%s as %s", scenario, view)
                    .allMatch(c -> c.differing() == 0);
            store.changes().close(row(), "test", "test");
            store.changes().forget(twin.change.id());
        }

        private ChangeRow row() throws SQLException {
            return store.changes().find(twin.change.id()).orElseThrow();
        }

        /** What the migrator does: the move, and the fence behind it. */
        private void move(Stage stage, Direction direction) throws SQLException {
            long epoch = store.changes()
                    .move(row(), stage, direction, stage == Stage.LIVE ? 50 : 0, "test", "test")
                    .epoch();
            await().atMost(Duration.ofSeconds(20))
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> {
                        var clients = store.clients().all();
                        return isKnown()
                                && clients.stream().allMatch(c -> c.state().epochAcknowledged() >= epoch);
                    });
        }

        /** Whether the driver's session is that of a known client: one of an earlier run may have acknowledged already. */
        private boolean isKnown() throws SQLException {
            try (java.sql.Statement s = driver.createStatement();
                    ResultSet r = s.executeQuery("SELECT COUNT(*) FROM crossfade_session x JOIN crossfade_client c"
                            + " ON c.id = x.client_id WHERE x.connection_id = CONNECTION_ID()")) {
                r.next();
                return r.getInt(1) > 0;
            }
        }

        private void statements() throws Exception {
            List<SqlGenerator.Field> fields = view == Side.OLD ? scenario.fields() : scenario.newFields();
            SqlGenerator generator = new SqlGenerator(random, new SqlGenerator.Shape("item", fields, "other"));
            for (int i = 0; i < STATEMENTS_PER_STAGE; i++) {
                if (random.chance(15)) {
                    transaction(generator);
                } else {
                    one(generator.next());
                }
            }
            one(new Statement("SELECT * FROM item ORDER BY id", List.of(), true, true));
        }

        private void transaction(SqlGenerator generator) throws SQLException {
            driver.setAutoCommit(false);
            twin.plain.setAutoCommit(false);
            for (int i = 0; i < 3; i++) {
                one(generator.next());
            }
            boolean commits = random.chance(60);
            for (Connection c : List.of(driver, twin.plain)) {
                if (commits) {
                    c.commit();
                } else {
                    c.rollback();
                }
                c.setAutoCommit(true);
            }
        }

        private void one(Statement statement) throws SQLException {
            if (random.chance(30)) {
                driver.setClientInfo("crossfade.key", "customer-" + random.nextInt(50));
            }
            Outcome through = Twin.execute(driver, statement.sql(), statement);
            if (through.failed() && isRefused(statement)) {
                return;
            }
            Outcome direct = Twin.execute(twin.plain, statement.sql(), statement);
            List<String> context = new ArrayList<>(List.of(
                    scenario + " at " + twin.stage() + " as " + view,
                    "statement: " + statement.sql(),
                    "parameters: " + statement.parameters(),
                    "rewritten: " + Map.of("sql", nativeSql(statement)),
                    "directly: " + direct.error(),
                    "through: " + through.error()));
            String what = String.join("\n", context);
            assertThat(through.failed()).as(what).isEqualTo(direct.failed());
            assertThat(through.rows()).as(what).isEqualTo(direct.rows());
            if (!Twin.countDependsOnTheOtherSide(statement)) {
                assertThat(through.count()).as(what).isEqualTo(direct.count());
            }
        }

        private boolean isRefused(Statement statement) throws SQLException {
            try {
                driver.nativeSQL(statement.sql());
                return false;
            } catch (SQLFeatureNotSupportedException e) {
                return REFUSED.equals(e.getSQLState());
            }
        }

        private String nativeSql(Statement statement) throws SQLException {
            return driver.nativeSQL(statement.sql());
        }
    }
}

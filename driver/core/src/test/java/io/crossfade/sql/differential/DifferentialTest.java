package io.crossfade.sql.differential;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.model.Direction;
import io.crossfade.model.Side;
import io.crossfade.model.Stage;
import io.crossfade.sql.RewriteRefusedException;
import io.crossfade.testkit.SeededRandom;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.SqlGenerator;
import io.crossfade.testkit.SqlGenerator.Statement;
import io.crossfade.testkit.TestDatabase;
import io.crossfade.testkit.TestServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Random statements through the rewriter at every stage, forward and back, beside the same statements on a table that does
 * not change: each must give the same rows, counts and failures, the tables must look the same to the application, and the
 * two sides of every row must agree.
 *
 * <p>Two at once, each in databases of its own. {@code -Dcrossfade.test.runs=2000} for a long run; a failure names its seed.
 */
@Execution(ExecutionMode.CONCURRENT)
class DifferentialTest {

    private static final int RUNS = Integer.getInteger("crossfade.test.runs", 8);

    private static final int STATEMENTS_PER_STAGE = 25;

    /** A test that is refused most of the time proves little. */
    private static final double REFUSED_SHARE_MAX = 0.25;

    private static final List<Stage> FORWARD = List.of(
            Stage.OFF,
            Stage.EXPAND,
            Stage.DUALWRITE,
            Stage.SHADOW,
            Stage.LIVE,
            Stage.RAMPDOWN,
            Stage.COMPLETE,
            Stage.CONTRACT);

    @ServerTest
    void oldCodeCannotTellAChangingTableFromItsOwn(TestServer server) throws Exception {
        run(server, Side.OLD);
    }

    @ServerTest
    void newCodeCannotTellAChangingTableFromItsOwn(TestServer server) throws Exception {
        run(server, Side.NEW);
    }

    private static void run(TestServer server, Side view) throws Exception {
        Map<String, Integer> refusals = new TreeMap<>();
        int[] total = new int[1];
        try (TestDatabase plain = TestDatabase.create(server);
                TestDatabase changing = TestDatabase.create(server)) {
            SeededRandom.forAll(RUNS, random -> {
                List<Scenario> scenarios = Scenario.all().stream()
                        .filter(s -> view == Side.OLD || !s.newFields().isEmpty())
                        .toList();
                Scenario scenario = random.pick(scenarios);
                for (TestDatabase database : List.of(plain, changing)) {
                    database.execute("DROP TABLE IF EXISTS item", "DROP TABLE IF EXISTS other");
                }
                try (Twin twin = new Twin(plain, changing, scenario, view)) {
                    new Run(twin, scenario, view, random, refusals, total).all();
                }
            });
        }
        int refused = refusals.values().stream().mapToInt(i -> i).sum();
        System.out.println(server.kind() + " " + view + ": " + total[0] + " statements, refused " + refusals);
        assertThat((double) refused / total[0])
                .as("share refused: %s", refusals)
                .isLessThan(REFUSED_SHARE_MAX);
    }

    /** One seed: a path through the stages. */
    private record Run(
            Twin twin, Scenario scenario, Side view, SeededRandom random, Map<String, Integer> refusals, int[] total) {

        void all() throws Exception {
            int last = random.pick(List.of(3, 4, 5, 6, 6, 7, 7));
            if (!twin.change.dropsColumns()) {
                last = Math.min(last, 6);
            }
            for (int i = 0; i <= last; i++) {
                if (i > 0) {
                    twin.moveTo(FORWARD.get(i), Direction.FORWARD);
                }
                // New code comes when both are written, not earlier.
                if (view == Side.OLD || i >= 2) {
                    statements(i);
                }
            }
            if (last < 7) {
                int first = view == Side.NEW ? 2 : 0;
                for (int i = last - 1; i >= first; i--) {
                    twin.moveTo(FORWARD.get(i), Direction.BACK);
                    statements(i);
                }
            }
        }

        private void statements(int stage) throws Exception {
            List<SqlGenerator.Field> fields = view == Side.OLD ? scenario.fields() : scenario.newFields();
            SqlGenerator generator = new SqlGenerator(random, new SqlGenerator.Shape("item", fields, "other"));
            for (int i = 0; i < STATEMENTS_PER_STAGE; i++) {
                one(generator.next());
            }
            Statement all = new Statement("SELECT * FROM item ORDER BY id", List.of(), true, true);
            one(all);
            boolean bothWritten = stage >= 3 && stage <= 5 && !(stage == 5 && isBack());
            if (bothWritten) {
                assertThat(twin.disagreeing())
                        .as("%s at %s", scenario, twin.stage())
                        .isZero();
            }
        }

        private boolean isBack() throws Exception {
            return twin.stage() == Stage.RAMPDOWN;
        }

        private void one(Statement statement) {
            boolean readsNew = random.chance(50);
            String sql;
            total[0]++;
            try {
                sql = twin.rewritten(statement, view, readsNew);
            } catch (RewriteRefusedException e) {
                refusals.merge(twin.stage().word() + ":" + e.reason(), 1, Integer::sum);
                return;
            }
            Twin.Outcome direct = twin.directly(statement);
            Twin.Outcome through = twin.throughRewriter(sql, statement);
            List<String> context = new ArrayList<>(List.of(
                    scenario + " at " + twin.stage() + " as " + view + (readsNew ? " reading new" : ""),
                    "statement: " + statement.sql(),
                    "parameters: " + statement.parameters(),
                    "rewritten: " + sql,
                    "directly: " + direct.error(),
                    "through: " + through.error()));
            if (!through.equals(direct)) {
                context.add(twin.dump());
            }
            String what = String.join("\n", context);
            assertThat(through.failed()).as(what).isEqualTo(direct.failed());
            assertThat(through.rows()).as(what).isEqualTo(direct.rows());
            if (!Twin.countDependsOnTheOtherSide(statement)) {
                assertThat(through.count()).as(what).isEqualTo(direct.count());
            }
        }
    }
}

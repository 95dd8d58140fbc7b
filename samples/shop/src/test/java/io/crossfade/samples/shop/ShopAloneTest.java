package io.crossfade.samples.shop;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.samples.shop.traffic.Findings;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestServer;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** The shop and its ledgers without Crossfade: what the demo's verdict rests on. */
class ShopAloneTest {
    private static final ScenarioOptions ALONE = new ScenarioOptions(
            1_000,
            4,
            200,
            false,
            ScenarioOptions.POLL_DEFAULT,
            Duration.ofSeconds(1),
            Duration.ofMillis(200),
            List.of(),
            Set.of());

    private final Screen screen = new Screen(System.out);
    private final Findings findings = new Findings(screen::plain);

    @ServerTest
    void ledgersAgreeWithTheTables(TestServer server) throws Exception {
        try (ShopServer database = ShopServer.in(server)) {
            Verdict verdict = new Scenario(database, ALONE, screen, findings).run();

            assertThat(verdict.lines()).last().isEqualTo("0 lost");
            assertThat(verdict.all().statements()).isGreaterThan(100);
        }
    }

    @ServerTest
    void writesThatAreLostOnTheWayAreFound(TestServer server) throws Exception {
        try (ShopServer database = ShopServer.in(server)) {
            Scenario scenario = new Scenario(database, ALONE, screen, findings);
            scenario.beforeAudit(() -> {
                try (Connection connection = database.connect();
                        Statement statement = connection.createStatement()) {
                    statement.execute("UPDATE orders SET status = 'lost' ORDER BY id LIMIT 3");
                }
            });
            Verdict verdict = scenario.run();

            assertThat(verdict.audit().lost()).isEqualTo(3);
            assertThat(verdict.exitCode()).isEqualTo(1);
        }
    }
}

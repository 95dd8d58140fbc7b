package io.crossfade.samples.shop;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.samples.shop.app.SchemaChange;
import io.crossfade.samples.shop.traffic.Findings;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestServer;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** The demo in small, on each server: the same scenario, the same migrator, the same verdict. */
class ShopScenarioTest {
    private final Screen screen = new Screen(System.out);
    private final Findings findings = new Findings(screen::plain);

    @ServerTest
    void nothingIsLostWhileOneColumnMovesAndAnotherGoesBack(TestServer server) throws Exception {
        ScenarioOptions options = new ScenarioOptions(
                2_000,
                4,
                100,
                true,
                Duration.ofMillis(250),
                Duration.ofSeconds(1),
                Duration.ofMillis(200),
                List.of(SchemaChange.ORDER_STATUS, SchemaChange.AGE),
                Set.of(SchemaChange.AGE));
        try (ShopServer database = ShopServer.in(server)) {
            Verdict verdict = new Scenario(database, options, screen, findings).run();
            verdict.lines().forEach(screen::plain);

            assertThat(findings.shown()).as(database::lastDeadlock).isEmpty();
            assertThat(verdict.lines()).last().isEqualTo("0 lost");
            assertThat(verdict.exitCode()).isZero();
            assertThat(verdict.changes()).extracting(Verdict.Line::end).containsExactly("contract", "rolled back");
        }
    }
}

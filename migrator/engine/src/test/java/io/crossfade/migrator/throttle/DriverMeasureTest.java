package io.crossfade.migrator.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.model.TableName;
import io.crossfade.state.WatchReport;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What is made of the drivers' own times, and how they are asked for. */
class DriverMeasureTest {
    private static final Duration NOW = Duration.ofMillis(700);

    @Test
    void moreThanOneOfAHundredSlowStatementsHoldBack() {
        assertThat(DriverMeasure.reason(List.of(), 1, 50)).isEmpty();
        assertThat(DriverMeasure.reason(List.of(report("a", 1, 0, 0, 0, NOW)), 1, 50))
                .as("nobody asks for the table")
                .isEmpty();
        assertThat(DriverMeasure.reason(List.of(report("a", 1, 200, 2, 80, NOW)), 1, 50))
                .as("just one of a hundred")
                .isEmpty();
        assertThat(DriverMeasure.reason(List.of(report("a", 1, 200, 3, 80, NOW)), 1, 50))
                .contains(
                        "1.5 % of the drivers' statements took longer than 50 ms, the slowest 80 ms; most of them those of"
                                + " a on host (process 7)");
    }

    @Test
    void allClientsAreTakenTogetherAndTheWorstIsNamed() {
        List<WatchReport> reports = List.of(
                report("quick", 1, 900, 0, 20, NOW),
                report("slow", 1, 90, 9, 300, NOW),
                report("one", 1, 10, 2, 900, NOW));
        assertThat(DriverMeasure.reason(reports, 1, 50))
                .contains(
                        "1.1 % of the drivers' statements took longer than 50 ms, the slowest 900 ms; most of them those of"
                                + " slow on host (process 7)");
        assertThat(DriverMeasure.reason(reports.subList(0, 2), 1, 50)).isEmpty();
        assertThat(DriverMeasure.reason(reports, 2, 50))
                .as("they were counted by another limit")
                .isEmpty();
    }

    @Test
    void aClientThatHasStoppedReportingCannotBeRead() {
        List<WatchReport> reports =
                List.of(report("a", 1, 500, 0, 9, NOW), report("b", 1, 1, 0, 9, Duration.ofMillis(7100)));
        assertThat(DriverMeasure.reason(reports, 1, 50))
                .contains("drivers' times are not known: b on host (process 7) has not told its times for 7 s");
        assertThat(DriverMeasure.reason(reports, 2, 50)).isPresent();
    }

    @ServerTest(ServerKind.MYSQL_80)
    void theWatchFollowsTheLimitAndComesBackWhereItWasTakenAway(TestDatabase database) throws SQLException {
        AtomicLong limit = new AtomicLong();
        AtomicLong nanos = new AtomicLong();
        List<String> notes = new ArrayList<>();
        DriverMeasure measure = new DriverMeasure(
                database::connect, List.of(new TableName(database.name(), "t")), limit::get, notes::add, nanos::get);
        assertThat(measure.reason()).isEmpty();
        assertThat(database.query("SHOW TABLES")).as("nothing is asked for").isEmpty();

        limit.set(100);
        assertThat(measure.reason()).isEmpty();
        assertThat(stands(database)).isEqualTo("[[t, 1, 100]]");
        limit.set(200);
        assertThat(measure.reason()).isEmpty();
        assertThat(stands(database)).isEqualTo("[[t, 2, 200]]");
        assertThat(notes).isEmpty();

        for (int i = 0; i < 2; i++) {
            database.execute("UPDATE crossfade_watch SET until_at = '2001-01-01'");
            nanos.addAndGet(Duration.ofSeconds(6).toNanos());
            assertThat(measure.reason()).isEmpty();
            assertThat(stands(database)).isEqualTo("[[t, 1, 200]]");
            nanos.addAndGet(Duration.ofSeconds(6).toNanos());
            assertThat(measure.reason()).isEmpty();
        }
        assertThat(notes).singleElement().satisfies(n -> assertThat(n).contains("no driver tells", database.name()));

        UUID client = UUID.randomUUID();
        database.execute(
                "INSERT INTO crossfade_client (id, application, host, pid, version, view_side, registered_at, lease_until,"
                        + " epoch_seen, epoch_acknowledged, sessions_open) VALUES ('" + client
                        + "', 'shop', 'web', 1, '1', 'old', UTC_TIMESTAMP(3), UTC_TIMESTAMP(3) + INTERVAL 1 HOUR, 1, 1, 1)",
                "INSERT INTO crossfade_watch_client SELECT watch_id, '" + client
                        + "', 1, 10, 1, 250000, UTC_TIMESTAMP(3) FROM crossfade_watch");
        assertThat(measure.reason().orElseThrow())
                .startsWith("10.0 % of the drivers' statements")
                .contains("shop on web");
        database.execute("UPDATE crossfade_watch_client SET at = at - INTERVAL 1 MINUTE");
        assertThat(measure.reason().orElseThrow()).contains("has not told its times");
        database.execute("UPDATE crossfade_client SET lease_until = UTC_TIMESTAMP(3)");
        assertThat(measure.reason()).as("it has ended").isEmpty();

        limit.set(0);
        assertThat(measure.reason()).isEmpty();
        assertThat(stands(database)).isEqualTo("[]");
        limit.set(10);
        assertThat(measure.reason()).isEmpty();
        measure.release();
        assertThat(stands(database)).isEqualTo("[]");
        assertThat(database.query("SELECT * FROM crossfade_watch_client")).isEmpty();
    }

    private static String stands(TestDatabase database) throws SQLException {
        return database.query(
                        "SELECT table_name, turn, limit_millis FROM crossfade_watch WHERE until_at > UTC_TIMESTAMP(3)")
                .toString();
    }

    private static WatchReport report(
            String application, long turn, long statements, long slower, long slowestMillis, Duration age) {
        return new WatchReport(
                UUID.randomUUID(),
                application,
                "host",
                7,
                turn,
                statements,
                slower,
                Duration.ofMillis(slowestMillis),
                age);
    }
}

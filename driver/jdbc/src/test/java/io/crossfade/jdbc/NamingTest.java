package io.crossfade.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.crossfade.model.Side;
import io.crossfade.model.Stage;
import io.crossfade.state.Naming;
import io.crossfade.state.Usage;
import io.crossfade.state.UsageRow;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Who names the old columns, and who the new ones, as the control tables are told. */
class NamingTest {

    @ServerTest
    void statementsAreCountedByTheSideThatTheyName(TestDatabase database) throws SQLException {
        Map<String, String> expected = new LinkedHashMap<>();
        expected.put("INSERT INTO orders (status) VALUES ('hidden-1')", "old");
        expected.put("SELECT o.status FROM orders AS o WHERE o.id > 77123", "old");
        expected.put("SELECT `status` FROM orders", "old");
        expected.put("DELETE FROM orders WHERE status = 'hidden-2'", "old");
        expected.put("SELECT order_status FROM orders", "new");
        expected.put("SELECT status, order_status FROM orders", "old new");
        expected.put("SELECT * FROM orders", "old*");
        expected.put("SELECT o.*, 1 FROM orders o", "old*");
        expected.put("INSERT INTO orders VALUES (77, 'hidden-3')", "old*");
        expected.put("SELECT COUNT(*) FROM orders", "");
        expected.put("SELECT id FROM orders WHERE id = 5", "");
        expected.put("SELECT x.status FROM orders o JOIN other x ON x.id = o.id", "");
        expected.put("SELECT id, 'status' FROM orders", "");
        try (Migrator migrator = new Migrator(database);
                Connection connection = Urls.connect(database, "");
                Statement statement = connection.createStatement()) {
            database.execute("CREATE TABLE other (id INT PRIMARY KEY, status INT)");
            migrator.open();
            migrator.moveTo(Stage.DUALWRITE);
            for (String sql : expected.keySet()) {
                statement.execute(sql);
            }
            int rows = (int) expected.values().stream()
                    .filter(e -> !e.isEmpty())
                    .mapToLong(e -> e.split(" ").length)
                    .sum();
            await().atMost(Migrator.BOUND)
                    .until(() -> migrator.store.usage().of("orders-status").size() >= rows);
            Map<String, String> seen = new LinkedHashMap<>();
            List<UsageRow> all = new ArrayList<>(migrator.store.usage().of("orders-status"));
            all.sort((a, b) -> b.naming().side().compareTo(a.naming().side()));
            for (String sql : expected.keySet()) {
                String shape = sql.replaceAll("'[^']*'|\\b[0-9]+", "?");
                String sides = "";
                for (UsageRow row : all) {
                    if (row.naming().shape().equals(shape)) {
                        sides = row.naming().side().name().toLowerCase(Locale.ROOT)
                                + (row.naming().byStar() ? "*" : "")
                                + (sides.isEmpty() ? "" : " " + sides);
                    }
                }
                seen.put(sql, sides);
            }
            assertThat(seen).isEqualTo(expected);
            assertThat(all.toString()).doesNotContain("hidden", "77123");
        }
    }

    @ServerTest
    void everyExecutionCountsAndTheLastReportComesWithTheEnd(TestDatabase database) throws SQLException {
        try (Migrator migrator = new Migrator(database)) {
            try (Connection connection = Urls.connect(database, "");
                    PreparedStatement update =
                            connection.prepareStatement("UPDATE orders SET status = ? WHERE id = ?")) {
                migrator.open();
                migrator.moveTo(Stage.DUALWRITE);
                for (int i = 0; i < 3; i++) {
                    update.setString(1, "hidden");
                    update.setInt(2, i);
                    update.executeUpdate();
                }
                // What was reported already is not reported again.
                await().atMost(Migrator.BOUND)
                        .until(() -> !migrator.store.usage().of("orders-status").isEmpty());
                for (int i = 0; i < 4; i++) {
                    update.setString(1, "hidden");
                    update.setInt(2, i);
                    update.addBatch();
                }
                update.executeBatch();
            }
            await().atMost(Migrator.BOUND)
                    .untilAsserted(() -> assertThat(migrator.store.usage().of("orders-status"))
                            .singleElement()
                            .satisfies(u -> {
                                assertThat(u.naming().side()).isEqualTo(Side.OLD);
                                assertThat(u.naming().shape()).isEqualTo("UPDATE orders SET status = ? WHERE id = ?");
                                assertThat(u.times()).isEqualTo(7);
                            }));
        }
    }

    @Test
    void whatCannotBeReportedComesWithTheNextAndWhatIsKnownEveryHalfMinute() throws SQLException {
        AtomicLong clock = new AtomicLong();
        NamingCounts counts = new NamingCounts(clock::get);
        List<Naming> naming = List.of(new Naming("c", Side.OLD, false, "SELECT", "SELECT a FROM t"));
        List<Usage> reported = new ArrayList<>();
        counts.saw(naming);
        assertThat(catchThrowable(() -> counts.report(
                        u -> {
                            throw new SQLException("gone");
                        },
                        false)))
                .hasMessage("gone");
        counts.saw(naming);
        counts.report(reported::addAll, false);
        assertThat(reported).singleElement().satisfies(u -> assertThat(u.times())
                .isEqualTo(2));
        counts.saw(naming);
        counts.report(reported::addAll, false);
        assertThat(reported).hasSize(1);
        clock.addAndGet(Duration.ofSeconds(30).toNanos());
        counts.report(reported::addAll, false);
        assertThat(reported).hasSize(2);
        assertThat(reported.get(1).times()).isEqualTo(1);
        assertThat(reported.get(1).sinceLast()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void tooManyShapesAreCountedTogether() throws SQLException {
        NamingCounts counts = new NamingCounts(() -> 0);
        for (int i = 0; i < 1000; i++) {
            counts.saw(List.of(new Naming("c", Side.OLD, false, "SELECT", "SELECT a" + i + " FROM t")));
        }
        List<Usage> reported = new ArrayList<>();
        counts.report(reported::addAll, true);
        assertThat(reported).hasSizeBetween(100, 102);
        assertThat(reported.stream().mapToLong(Usage::times).sum()).isEqualTo(1000);
    }
}

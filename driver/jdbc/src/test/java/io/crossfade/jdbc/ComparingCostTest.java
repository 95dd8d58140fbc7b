package io.crossfade.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.model.Direction;
import io.crossfade.model.Stage;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** What a read that compares costs, beside the same read that does not; prints medians and their ratio. No part of the build. */
@EnabledIfSystemProperty(named = "crossfade.test.cost", matches = "true")
class ComparingCostTest {
    private static final int ROWS = 10_000;
    private static final int ROUNDS = 100;

    @ServerTest
    void cost(TestDatabase database) throws SQLException {
        try (Migrator migrator = new Migrator(database)) {
            migrator.open();
            migrator.addNewColumn();
            for (int begin = 0; begin < ROWS; begin += 1000) {
                int first = begin;
                database.execute("INSERT INTO orders (id, status, order_status) VALUES "
                        + IntStream.range(0, 1000)
                                .mapToObj(i -> "(" + (first + i + 1) + ", 'paid', 'paid')")
                                .collect(Collectors.joining(", ")));
            }
            while (migrator.row().state().stage() != Stage.SHADOW) {
                migrator.move(migrator.row().state().stage().towards(Direction.FORWARD));
            }
            for (String parameters : List.of("", "&useServerPrepStmts=true")) {
                measure(database, parameters, "one row by its key", "SELECT id, status FROM orders WHERE id = ?", 200);
                measure(
                        database,
                        parameters,
                        "100 rows",
                        "SELECT id, status FROM orders WHERE id > ? ORDER BY id LIMIT 100",
                        50);
            }
        }
    }

    private static void measure(TestDatabase database, String parameters, String what, String sql, int reads)
            throws SQLException {
        try (Connection plain = Urls.connect(database, parameters);
                Connection compared = Urls.connect(database, parameters + "&crossfade.comparePercent=100");
                PreparedStatement one = plain.prepareStatement(sql);
                PreparedStatement other = compared.prepareStatement(sql)) {
            List<Long> ones = new ArrayList<>();
            List<Long> others = new ArrayList<>();
            for (int round = 0; round < 2 * ROUNDS; round++) {
                long plainNanos = nanos(one, reads);
                long comparedNanos = nanos(other, reads);
                if (round >= ROUNDS) { // The first half warms up.
                    ones.add(plainNanos / reads);
                    others.add(comparedNanos / reads);
                }
            }
            ones.sort(null);
            others.sort(null);
            double ratio = (double) others.get(ROUNDS / 2) / ones.get(ROUNDS / 2);
            System.out.printf(
                    Locale.ROOT,
                    "%s %s %s: %d us, compared %d us, ratio %.2f%n",
                    database.server().kind(),
                    what,
                    parameters,
                    ones.get(ROUNDS / 2) / 1000,
                    others.get(ROUNDS / 2) / 1000,
                    ratio);
            assertThat(ratio).isPositive();
        }
    }

    private static long nanos(PreparedStatement statement, int reads) throws SQLException {
        long begun = System.nanoTime();
        for (int i = 0; i < reads; i++) {
            statement.setInt(1, 1 + i * 37 % (ROWS - 200));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    rows.getString(2);
                }
            }
        }
        return System.nanoTime() - begun;
    }
}

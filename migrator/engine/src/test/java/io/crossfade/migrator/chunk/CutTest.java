package io.crossfade.migrator.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.migrator.mysql.Server;
import io.crossfade.model.TableName;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** Ranges follow one another without a gap, hold every row once, and never many more than asked for. */
class CutTest {
    private static final int ROWS = 20;

    private static List<Long> counts(Connection connection, TestDatabase database, String type, LongStream keys)
            throws Exception {
        try (Statement s = connection.createStatement()) {
            s.execute("CREATE TABLE t (id " + type + " PRIMARY KEY) ENGINE=InnoDB");
            s.execute(keys.distinct()
                    .mapToObj(k -> "(" + k + ")")
                    .collect(Collectors.joining(", ", "INSERT INTO t VALUES ", "")));
        }
        return cut(connection, database);
    }

    private static List<Long> cut(Connection connection, TestDatabase database) throws SQLException {
        Key key = new Key(
                Server.of(connection).dialect(),
                new TableName(database.name(), "t"),
                "PRIMARY",
                List.of(new KeyColumn("id", KeyColumn.Form.NUMBER, "", 0)));
        Cut cut = new Cut(key);
        List<Long> counts = new ArrayList<>();
        List<String> after = List.of();
        do {
            KeyRange range = cut.next(connection, after, ROWS);
            assertThat(range.after()).isEqualTo(after);
            long rows = key.count(connection, range);
            cut.held(range, rows);
            counts.add(rows);
            after = range.upTo();
        } while (!after.isEmpty());
        return counts;
    }

    private static long sum(List<Long> counts) {
        return counts.stream().mapToLong(Long::longValue).sum();
    }

    @ServerTest({ServerKind.MYSQL_80, ServerKind.MARIADB_114})
    void denseKeysAreCutByCounting(TestDatabase database) throws Exception {
        try (Connection connection = database.connect()) {
            List<Long> counts = counts(connection, database, "BIGINT", LongStream.rangeClosed(-500, 500));
            assertThat(sum(counts)).isEqualTo(1001);
            assertThat(counts).allMatch(c -> c <= ROWS);
            assertThat(counts).hasSizeLessThan(1001 / ROWS + 4);
        }
    }

    @ServerTest({ServerKind.MYSQL_80, ServerKind.MARIADB_114})
    void gapsAreJumpedOver(TestDatabase database) throws Exception {
        try (Connection connection = database.connect()) {
            LongStream keys = LongStream.concat(
                    LongStream.concat(
                            LongStream.range(0, 300), LongStream.range(0, 300).map(i -> 1_000_000 + 3 * i)),
                    LongStream.range(0, 300).map(i -> 1_000_000_000_000L + i));
            List<Long> counts = counts(connection, database, "BIGINT UNSIGNED", keys);
            assertThat(sum(counts)).isEqualTo(900);
            assertThat(counts).allMatch(c -> c <= 2 * ROWS);
            // A wrong guess costs an empty range, not a walk through the gap.
            assertThat(counts).hasSizeLessThan(900 / ROWS + 10);
        }
    }

    @ServerTest({ServerKind.MYSQL_80, ServerKind.MARIADB_114})
    void theEndsOfTheTypeAreNotPassed(TestDatabase database) throws Exception {
        try (Connection connection = database.connect()) {
            assertThat(sum(counts(connection, database, "TINYINT", LongStream.rangeClosed(-128, 127))))
                    .isEqualTo(256);
        }
    }

    @ServerTest({ServerKind.MYSQL_80, ServerKind.MARIADB_114})
    void fractionsAreAskedFor(TestDatabase database) throws Exception {
        try (Connection connection = database.connect()) {
            assertThat(sum(counts(connection, database, "DECIMAL(10,2)", LongStream.range(0, 100))))
                    .isEqualTo(100);
        }
    }
}

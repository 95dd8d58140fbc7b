package io.crossfade.migrator.revert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.migrator.alter.WatchedSource;
import io.crossfade.migrator.chunk.Key;
import io.crossfade.migrator.chunk.KeyColumn;
import io.crossfade.migrator.ghost.ColumnPair;
import io.crossfade.migrator.ghost.TableChange;
import io.crossfade.migrator.mysql.Server;
import io.crossfade.migrator.signal.Cancel;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.model.Column;
import io.crossfade.model.Table;
import io.crossfade.model.TableName;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The look at rows that would not fit the old table. */
final class NarrowingTest {
    private static final List<String> NAMES = List.of("a", "b", "c", "d");

    /** Three columns have grown and take NULLs, one is as it was. */
    private static TableChange change(Connection connection, TestDatabase database) throws SQLException {
        Column id = Column.plain("id", "int");
        List<Column> then = new ArrayList<>(List.of(id));
        List<Column> now = new ArrayList<>(List.of(id));
        List<ColumnPair> pairs = new ArrayList<>(List.of(ColumnPair.of(id, 0, id)));
        for (String name : NAMES) {
            Column before = column(name, "varchar(5)", false);
            Column after = name.equals("d") ? before : column(name, "varchar(50)", true);
            pairs.add(ColumnPair.of(before, then.size(), after));
            then.add(before);
            now.add(after);
        }
        TableName t = new TableName(database.name(), "t");
        Key key = new Key(Server.of(connection).dialect(), t, "PRIMARY", List.of(KeyColumn.of(id)));
        return new TableChange(
                new Table(t, then),
                new Table(t, now),
                new TableName(database.name(), "_t_del"),
                pairs,
                key,
                key,
                List.of());
    }

    private static Column column(String name, String type, boolean isNullable) {
        return new Column(name, type, isNullable, null, "utf8mb4", "utf8mb4_bin", false, false, false, false, "");
    }

    private static void fill(TestDatabase database) throws SQLException {
        database.execute(
                "CREATE TABLE t (id INT PRIMARY KEY, a VARCHAR(50), b VARCHAR(50), c VARCHAR(50), d VARCHAR(5) NOT NULL)",
                "INSERT INTO t SELECT d.n * 100 + e.n * 10 + f.n, 'a', 'b', 'c', 'd' FROM (SELECT 0 AS n UNION SELECT 1 UNION SELECT 2) d,"
                        + " (SELECT 0 AS n UNION SELECT 1 UNION SELECT 2) e, (SELECT 0 AS n UNION SELECT 1 UNION SELECT 2) f");
    }

    @ServerTest
    void allColumnsAreLookedAtInOnePass(TestDatabase database) throws Exception {
        fill(database);
        List<String> sent = new ArrayList<>();
        WatchedSource source = new WatchedSource(database::connect, new WatchedSource.Watch() {
            @Override
            public void before(Connection session, String sql) {
                sent.add(sql);
            }
        });
        try (Connection connection = source.open()) {
            Narrowing narrowing = new Narrowing(change(connection, database));
            assertThat(narrowing.columns()).containsExactly("a", "b", "c");
            sent.clear();
            assertThat(narrowing.look(connection, () -> {})).isEqualTo(new Narrowing.Found(List.of(), true));
            assertThat(sent.stream().filter(q -> q.startsWith("SELECT MAX"))).hasSize(1);
            database.execute("UPDATE t SET a = NULL WHERE id = 122", "UPDATE t SET c = 'longer' WHERE id = 1");
            Narrowing.Found found = narrowing.look(connection, () -> {});
            assertThat(found.isWhole()).isTrue();
            assertThat(found.reasons())
                    .hasSize(2)
                    .anyMatch(r -> r.contains("column a "))
                    .anyMatch(r -> r.contains("column c "));
        }
    }

    @ServerTest
    void itEndsInTimeAndWhenItIsStopped(TestDatabase database) throws Exception {
        fill(database);
        try (Connection connection = database.connect()) {
            TableChange change = change(connection, database);
            assertThat(new Narrowing(change, Duration.ZERO).look(connection, () -> {}))
                    .isEqualTo(new Narrowing.Found(List.of(), false));
            Cancel cancel = new Cancel();
            cancel.request("panic");
            assertThatThrownBy(() -> new Narrowing(change).look(connection, cancel::check))
                    .isInstanceOf(MigrationException.class)
                    .hasMessage("panic");
        }
    }
}

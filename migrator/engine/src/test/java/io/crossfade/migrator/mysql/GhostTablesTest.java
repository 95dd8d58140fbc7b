package io.crossfade.migrator.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.migrator.ghost.Rules;
import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.migrator.ghost.TableChange;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.model.TableName;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/** What a ghost is like, and from what none is made. */
class GhostTablesTest {

    private static final Instant BEGAN = Instant.parse("2024-05-06T07:08:09Z");

    @ServerTest
    void addedColumnIsInTheGhostAndInNoPair(TestDatabase database) throws Exception {
        database.execute(
                "CREATE TABLE t (id INT PRIMARY KEY AUTO_INCREMENT, a VARCHAR(20))", "INSERT INTO t VALUES (41, 'x')");
        TableChange change = created(database, "ADD COLUMN note INT NOT NULL DEFAULT 0", Rules.DEFAULT);
        assertThat(change.ghost().name().table()).isEqualTo("_t_gho");
        assertThat(change.old().table()).isEqualTo("_t_del");
        assertThat(change.ghost().has("note")).isTrue();
        assertThat(pairs(change)).containsExactly("id>id", "a>a");
        assertThat(change.converts()).isFalse();
        assertThat(change.sourceKey().index()).isEqualTo("PRIMARY");
        assertThat(change.uniqueKeysAdded()).isEmpty();
        assertThat(create(database, "_t_gho")).contains("AUTO_INCREMENT=42");
    }

    static List<String> pairs(TableChange change) {
        return change.pairs().stream()
                .map(p -> p.source().name() + ">" + p.ghost().name())
                .toList();
    }

    static TableChange created(TestDatabase database, String alter, Rules rules) throws SQLException {
        GhostTables tables = tables(database, alter, rules);
        try (Connection connection = new Connections(database::connect).open()) {
            tables.create(connection);
            return tables.describe(connection);
        }
    }

    static GhostTables tables(TestDatabase database, String alter, Rules rules) {
        TableAlter one = new TableAlter(new TableName(database.name(), "t"), alter);
        return new GhostTables(one, rules, GhostNames.of(one, rules, BEGAN));
    }

    private static String create(TestDatabase database, String table) throws SQLException {
        return String.valueOf(
                database.query("SHOW CREATE TABLE " + table).get(0).get(1));
    }

    private static void refused(TestDatabase database, String alter, Rules rules, String... words) {
        assertThatThrownBy(() -> created(database, alter, rules))
                .isInstanceOf(MigrationException.class)
                .hasMessageContainingAll(words);
    }

    @ServerTest
    void missingTableIsNamedWithNearNames(TestDatabase database) throws Exception {
        database.execute("CREATE TABLE tt (id INT PRIMARY KEY)");
        refused(database, "ADD a INT", Rules.DEFAULT, "no such table", "did you mean", ".tt?");
    }
}

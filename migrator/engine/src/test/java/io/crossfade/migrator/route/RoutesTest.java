package io.crossfade.migrator.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.migrator.gate.Gate;
import io.crossfade.migrator.ghost.Rules;
import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.migrator.mysql.Connections;
import io.crossfade.migrator.mysql.SomeRules;
import io.crossfade.migrator.signal.Cancel;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.model.TableName;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The way that is found is the one that the server takes, and no clone stays behind. */
class RoutesTest {

    @BeforeEach
    void table(TestDatabase database) throws Exception {
        database.execute(
                "CREATE TABLE t (id INT PRIMARY KEY, a VARCHAR(20) CHARACTER SET latin1, b INT, KEY ib (b)) DEFAULT CHARSET utf8mb4",
                "INSERT INTO t VALUES (1, 'x', 2)");
    }

    @AfterEach
    void noCloneIsLeft(TestDatabase database) throws Exception {
        assertThat(database.query("SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()"
                        + " AND TABLE_NAME LIKE '\\_cf\\_probe%'"))
                .isEmpty();
    }

    @ServerTest
    void addedColumnIsInstantWhereTheServerHasThat(TestDatabase database, ServerKind kind) throws Exception {
        Route route = find(database, "ADD note INT NOT NULL DEFAULT 0", Rules.Route.CHEAPEST);
        assertThat(route.kind()).isEqualTo(kind == ServerKind.MYSQL_57 ? Rules.Route.GHOST : Rules.Route.INSTANT);
    }

    @ServerTest
    void instantRouteIsCarriedOut(TestDatabase database, ServerKind kind) throws Exception {
        if (kind == ServerKind.MYSQL_57) {
            return;
        }
        Route route = find(database, "ADD note INT NOT NULL DEFAULT 0", Rules.Route.CHEAPEST);
        try (Connection connection = new Connections(database::connect).open()) {
            assertThat(DirectAlter.run(connection, route, () -> Gate.NONE, new Cancel(), progress -> {}))
                    .isTrue();
        }
        assertThat(database.queryLong("SELECT note FROM t")).isZero();
    }

    @ServerTest
    void routeThatTheServerDoesNotGoAfterAllDoesNothing(TestDatabase database) throws Exception {
        Route wrong = Route.inPlace("", "ALTER TABLE t MODIFY b BIGINT, ALGORITHM=INPLACE, LOCK=NONE");
        try (Connection connection = new Connections(database::connect).open()) {
            assertThat(DirectAlter.run(connection, wrong, () -> Gate.NONE, new Cancel(), progress -> {}))
                    .isFalse();
        }
    }

    @ServerTest
    void renamedIndexTouchesNoRow(TestDatabase database) throws Exception {
        assertThat(find(database, "RENAME INDEX ib TO other", Rules.Route.CHEAPEST)
                        .kind())
                .isNotEqualTo(Rules.Route.GHOST);
    }

    @ServerTest
    void longerVarcharTouchesNoRow(TestDatabase database) throws Exception {
        assertThat(find(database, "MODIFY a VARCHAR(40) CHARACTER SET latin1", Rules.Route.CHEAPEST)
                        .kind())
                .isNotEqualTo(Rules.Route.GHOST);
    }

    @ServerTest
    void droppedIndexTouchesNoRow(TestDatabase database) throws Exception {
        assertThat(find(database, "DROP INDEX ib", Rules.Route.CHEAPEST).kind()).isNotEqualTo(Rules.Route.GHOST);
    }

    @ServerTest
    void indexIsBuiltByAGhostUnlessInPlaceIsAskedFor(TestDatabase database) throws Exception {
        Route cheapest = find(database, "ADD INDEX ia (a)", Rules.Route.CHEAPEST);
        assertThat(cheapest.kind()).isEqualTo(Rules.Route.GHOST);
        assertThat(cheapest.reason()).contains("every row");
        Route asked = find(database, "ADD INDEX ia (a)", Rules.Route.INPLACE);
        assertThat(asked.kind()).isEqualTo(Rules.Route.INPLACE);
        assertThat(asked.sql()).endsWith("ADD INDEX ia (a), ALGORITHM=INPLACE, LOCK=NONE");
    }

    @ServerTest
    void rebuildIsLeftToAGhost(TestDatabase database) throws Exception {
        assertThat(find(database, "FORCE", Rules.Route.CHEAPEST).kind()).isEqualTo(Rules.Route.GHOST);
        assertThat(find(database, "ADD note INT NOT NULL DEFAULT 0, ADD INDEX ia (a)", Rules.Route.CHEAPEST)
                        .kind())
                .isEqualTo(Rules.Route.GHOST);
    }

    @ServerTest
    void rebuildOfAPartitionedTableIsSeen(TestDatabase database) throws Exception {
        database.execute(
                "DROP TABLE t", "CREATE TABLE t (id INT PRIMARY KEY, a INT) PARTITION BY HASH (id) PARTITIONS 3");
        assertThat(find(database, "ADD INDEX ia (a)", Rules.Route.CHEAPEST).kind())
                .isEqualTo(Rules.Route.GHOST);
    }

    /** On MySQL 8.0.15 the trees of partitions are not seen by the clone's name, so that a ghost is taken there without need. */
    @ServerTest(ServerKind.MARIADB_114)
    void optionOfAPartitionedTableTouchesNoRow(TestDatabase database) throws Exception {
        database.execute("DROP TABLE t", "CREATE TABLE t (id INT PRIMARY KEY) PARTITION BY HASH (id) PARTITIONS 3");
        assertThat(find(database, "COMMENT = 'x'", Rules.Route.CHEAPEST).kind()).isNotEqualTo(Rules.Route.GHOST);
    }

    @ServerTest
    void changedTypeIsLeftToAGhost(TestDatabase database) throws Exception {
        Route route = find(database, "MODIFY b BIGINT, ALGORITHM=INSTANT", Rules.Route.CHEAPEST);
        assertThat(route.kind()).isEqualTo(Rules.Route.GHOST);
        assertThat(route.sql()).isEqualTo("MODIFY b BIGINT");
    }

    @ServerTest
    void routeThatIsAskedForIsTakenOrRefusedWithTheServersReason(TestDatabase database) throws Exception {
        assertThat(find(database, "ADD note INT", Rules.Route.GHOST).kind()).isEqualTo(Rules.Route.GHOST);
        assertThatThrownBy(() -> find(database, "MODIFY b BIGINT", Rules.Route.INSTANT))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("by INSTANT")
                .hasMessageContaining("Cannot change column type")
                .hasMessageNotContaining("Try ALGORITHM");
        assertThatThrownBy(() -> find(database, "MODIFY b BIGINT", Rules.Route.INPLACE))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("by INPLACE")
                .hasMessageContaining("Cannot change column type")
                .hasMessageNotContaining("Try ALGORITHM");
    }

    @ServerTest
    void skippedRenameGoesByAGhostSinceTheServerWouldKeepTheValues(TestDatabase database) throws Exception {
        try (Connection connection = new Connections(database::connect).open()) {
            Route route = Routes.find(
                    connection,
                    new TableAlter(new TableName(database.name(), "t"), "CHANGE b c INT"),
                    SomeRules.with(r -> r.skipsRenamed = true));
            assertThat(route.kind()).isEqualTo(Rules.Route.GHOST);
        }
    }

    private static Route find(TestDatabase database, String alter, Rules.Route wish) throws SQLException {
        try (Connection connection = new Connections(database::connect).open()) {
            return Routes.find(
                    connection,
                    new TableAlter(new TableName(database.name(), "t"), alter),
                    SomeRules.with(r -> r.route = wish));
        }
    }
}

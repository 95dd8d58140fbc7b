package io.crossfade.migrator.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.migrator.ghost.Rules;
import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.migrator.ghost.TableChange;
import io.crossfade.migrator.mysql.GhostNames;
import io.crossfade.migrator.mysql.GhostTables;
import io.crossfade.migrator.mysql.Server;
import io.crossfade.migrator.row.Row;
import io.crossfade.model.TableName;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Unique values of the ghost, and the images that fight for them. */
class ApplierTest {

    private long ordinal;

    private Image image(int id, @Nullable Integer u) {
        return new Image(
                ordinal++,
                List.of(Integer.toString(id)),
                u == null ? null : new Row(new Object[] {(long) id, (long) u}));
    }

    private static Applier applier(Connection connection, TestDatabase database) throws Exception {
        return applier(connection, database, "ADD UNIQUE KEY (u)");
    }

    private static Applier applier(Connection connection, TestDatabase database, String altered) throws Exception {
        try (Statement s = connection.createStatement()) {
            s.execute("DROP TABLE IF EXISTS t, _t_gho");
            s.execute("CREATE TABLE t (id INT PRIMARY KEY, u INT NOT NULL) ENGINE=InnoDB");
        }
        TableAlter alter = new TableAlter(new TableName(database.name(), "t"), altered);
        GhostNames names = GhostNames.of(alter, Rules.DEFAULT, Instant.now());
        GhostTables ghosts = new GhostTables(alter, Rules.DEFAULT, names);
        ghosts.create(connection);
        TableChange change = ghosts.describe(connection);
        connection.setAutoCommit(false);
        return new Applier(new GhostSql(Server.of(connection).dialect(), change, names.ghost()), "t");
    }

    private static List<String> ghost(Connection connection) throws Exception {
        List<String> rows = new ArrayList<>();
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery("SELECT id, u FROM _t_gho ORDER BY id")) {
            while (r.next()) {
                rows.add(r.getString(1) + "=" + r.getString(2));
            }
        }
        return rows;
    }

    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void aSwapWithinOneBatchGoesInAsItIs(TestDatabase database) throws Exception {
        try (Connection connection = database.connect()) {
            Applier applier = applier(connection, database);
            applier.apply(connection, List.of(image(1, 10), image(2, 20)));
            List<Image> swap = List.of(image(1, 20), image(2, 10));
            assertThat(applier.apply(connection, swap)).containsExactlyElementsOf(swap);
            assertThat(ghost(connection)).containsExactly("1=20", "2=10");
            assertThat(applier.owing()).isEmpty();
        }
    }

    /** REPLACE would take row 1 away, INSERT IGNORE would lose row 2. */
    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void aRowWhoseValueIsHeldWaitsAndTakesNothingAway(TestDatabase database) throws Exception {
        try (Connection connection = database.connect()) {
            Applier applier = applier(connection, database);
            applier.apply(connection, List.of(image(1, 10)));
            Image second = image(2, 10);
            Image third = image(3, 30);
            assertThat(applier.apply(connection, List.of(second, third))).containsExactly(third);
            assertThat(ghost(connection)).containsExactly("1=10", "3=30");
            assertThat(applier.owing()).containsExactly(List.of("2"));
            assertThat(applier.owingOrdinals()).containsExactly(second.ordinal());
            assertThat(applier.settle(connection)).isEmpty();

            applier.apply(connection, List.of(image(1, 11)));
            assertThat(applier.settle(connection)).containsExactly(second);
            assertThat(ghost(connection)).containsExactly("1=11", "2=10", "3=30");
        }
    }

    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void aRowThatWaitsIsOvertakenByItsNewerImage(TestDatabase database) throws Exception {
        try (Connection connection = database.connect()) {
            Applier applier = applier(connection, database);
            applier.apply(connection, List.of(image(1, 10)));
            Image waiting = image(2, 10);
            applier.apply(connection, List.of(waiting));
            Image newer = image(2, 22);
            assertThat(applier.apply(connection, List.of(newer))).containsExactlyInAnyOrder(waiting, newer);
            applier.apply(connection, List.of(image(1, null)));
            assertThat(applier.settle(connection)).isEmpty();
            assertThat(ghost(connection)).containsExactly("2=22");
        }
    }

    @ServerTest(ServerKind.MYSQL_80)
    void rowsThatOweAreTriedInTurnAndNotAllAtOnce(TestDatabase database) throws Exception {
        try (Connection connection = database.connect()) {
            Applier applier = applier(connection, database);
            applier.apply(connection, images(1, 600, 0));
            assertThat(applier.apply(connection, images(1001, 1600, -1000))).isEmpty();
            assertThat(applier.owingImages()).isEqualTo(600);

            applier.settle(connection);
            assertThat(applier.rounds()).as("600 at once").isZero();
            applier.settle(connection);
            applier.settle(connection);
            assertThat(applier.rounds()).isEqualTo(1);
            assertThat(applier.owingImages()).isEqualTo(600);

            // The last ones come free, and it is not their turn yet.
            applier.apply(connection, images(551, 600, 9000));
            long round = applier.rounds();
            List<Image> done = new ArrayList<>();
            while (applier.rounds() == round) {
                done.addAll(applier.settle(connection));
            }
            assertThat(done).hasSize(50);
            assertThat(applier.owingImages()).isEqualTo(550);
            assertThat(ghost(connection)).hasSize(650);
        }
    }

    /** INSERT IGNORE would make the value fit, with a warning at most. */
    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void aMisfitAmongDuplicatesIsFound(TestDatabase database) throws Exception {
        for (String alter : List.of("MODIFY u TINYINT NOT NULL, ADD UNIQUE KEY (u)", "ADD UNIQUE KEY (u)")) {
            try (Connection connection = database.connect()) {
                Applier applier = applier(connection, database, alter);
                List<Image> images = new ArrayList<>(images(1, 20, 0));
                applier.apply(connection, images);
                try (Statement s = connection.createStatement()) {
                    s.execute("SET SESSION max_error_count = 0");
                }
                images = new ArrayList<>(images(101, 120, -100));
                images.add(new Image(ordinal++, List.of("7"), new Row(new Object[] {7L, 300L})));
                images.add(new Image(
                        ordinal++, List.of("8"), new Row(new Object[] {8L, alter.startsWith("ADD") ? null : 1L << 20
                        })));
                Image misfit = images.get(images.size() - 1);
                List<Image> done = applier.apply(connection, images);
                assertThat(applier.misfitOrdinals()).contains(misfit.ordinal());
                assertThat(done).doesNotContain(misfit);
                assertThat(applier.misfit(misfit.ordinal()))
                        .hasMessageContaining("does not fit")
                        .hasMessageContaining("\"u\"");
                assertThat(applier.owing()).hasSize(18).doesNotContain(List.of("8"));
                assertThat(ghost(connection)).doesNotContain("7=127", "8=127", "8=0");
                assertThat(applier.settle(connection)).isEmpty();
                assertThat(applier.misfitOrdinals()).contains(misfit.ordinal());

                Image mended = image(8, 88);
                assertThat(applier.apply(connection, List.of(mended))).containsExactlyInAnyOrder(misfit, mended);
                assertThat(applier.misfitOrdinals()).doesNotContain(misfit.ordinal());
                assertThat(ghost(connection)).contains("8=88");
            }
        }
    }

    private List<Image> images(int first, int last, int more) {
        List<Image> images = new ArrayList<>();
        for (int id = first; id <= last; id++) {
            images.add(image(id, id + more));
        }
        return images;
    }
}

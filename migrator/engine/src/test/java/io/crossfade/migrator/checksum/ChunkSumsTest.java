package io.crossfade.migrator.checksum;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.dialect.Dialect;
import io.crossfade.migrator.chunk.KeyRange;
import io.crossfade.migrator.ghost.Rules;
import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.migrator.ghost.TableChange;
import io.crossfade.migrator.mysql.GhostNames;
import io.crossfade.migrator.mysql.GhostTables;
import io.crossfade.migrator.mysql.Server;
import io.crossfade.model.TableName;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import io.crossfade.testkit.TestServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What a chunk's sum must not overlook. */
class ChunkSumsTest {
    private static final KeyRange ALL = new KeyRange(List.of(), List.of());

    private static boolean differs(Connection connection, TestDatabase database, String damage) throws Exception {
        return differs(
                connection,
                database,
                "id INT PRIMARY KEY, a VARCHAR(20), b VARCHAR(20)",
                "(1, 'red', 'x'), (2, 'red', 'x'), (3, NULL, ''), (4, '', NULL), (5, 'a,b', 'c')",
                damage);
    }

    private static boolean differs(
            Connection connection, TestDatabase database, String columns, String rows, String damage) throws Exception {
        try (Statement s = connection.createStatement()) {
            s.execute("DROP TABLE IF EXISTS t, _t_gho");
            s.execute("CREATE TABLE t (" + columns + ") ENGINE=InnoDB");
            s.execute("INSERT INTO t VALUES " + rows);
        }
        TableAlter alter = new TableAlter(new TableName(database.name(), "t"), "ADD COLUMN note INT");
        GhostNames names = GhostNames.of(alter, Rules.DEFAULT, Instant.now());
        GhostTables ghosts = new GhostTables(alter, Rules.DEFAULT, names);
        ghosts.create(connection);
        TableChange change = ghosts.describe(connection);
        try (Statement s = connection.createStatement()) {
            s.execute("INSERT INTO _t_gho SELECT t.*, NULL FROM t");
            if (!damage.isEmpty()) {
                s.execute("UPDATE _t_gho " + damage);
            }
        }
        Dialect dialect = Server.of(connection).dialect();
        ChunkSums sums = ChunkSums.there(change, new RowHash(dialect, change));
        return !sums.used(connection, ALL).equals(sums.shadow(connection, ALL));
    }

    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void equalRowsHaveEqualSums(TestDatabase database) throws Exception {
        try (Connection connection = database.connect()) {
            assertThat(differs(connection, database, "")).isFalse();
        }
    }

    /** CRC32 is linear: joined by a plain XOR the two would cancel each other. */
    @ServerTest({ServerKind.MYSQL_80, ServerKind.MARIADB_114})
    void theSameDamageInTwoRowsIsSeen(TestDatabase database) throws Exception {
        try (Connection connection = database.connect()) {
            assertThat(differs(connection, database, "SET a = 'rad' WHERE id <= 2"))
                    .isTrue();
        }
    }

    @ServerTest({ServerKind.MYSQL_80, ServerKind.MARIADB_114})
    void aNullIsNotAnEmptyText(TestDatabase database) throws Exception {
        try (Connection connection = database.connect()) {
            assertThat(differs(connection, database, "SET a = '', b = NULL WHERE id = 3"))
                    .isTrue();
        }
    }

    /** A value that stands in another column, where all the others are NULL: only which of them are tells the two apart. */
    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void aNullIsKnownByItsColumnHoweverManyThereAre(TestDatabase database) throws Exception {
        String columns = "id INT PRIMARY KEY"
                + IntStream.rangeClosed(1, 130)
                        .mapToObj(i -> ", c" + i + " INT")
                        .collect(Collectors.joining());
        try (Connection connection = database.connect()) {
            for (int[] pair : new int[][] {{1, 2}, {1, 61}, {60, 61}, {120, 130}}) {
                String row = "(1"
                        + IntStream.rangeClosed(1, 130)
                                .mapToObj(i -> i == pair[0] ? ", 7" : ", NULL")
                                .collect(Collectors.joining())
                        + ")";
                assertThat(differs(
                                connection,
                                database,
                                columns,
                                row,
                                "SET c" + pair[0] + " = NULL, c" + pair[1] + " = 7"))
                        .as(Arrays.toString(pair))
                        .isTrue();
            }
        }
    }

    @ServerTest({ServerKind.MYSQL_80, ServerKind.MARIADB_114})
    void textsAreKeptApart(TestDatabase database) throws Exception {
        try (Connection connection = database.connect()) {
            assertThat(differs(connection, database, "SET a = 'a', b = 'b,c' WHERE id = 5"))
                    .isTrue();
        }
    }

    /** What a CONCAT of them would exceed is the same for each of them. */
    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void rowsWiderThanAPacketAreNotAllAlike(TestServer server, TestDatabase database) throws Exception {
        String before;
        try (Connection connection = database.connect();
                Statement s = connection.createStatement()) {
            try (ResultSet r = s.executeQuery("SELECT @@GLOBAL.max_allowed_packet")) {
                r.next();
                before = r.getString(1);
            }
            s.execute("SET GLOBAL max_allowed_packet = 1048576");
        }
        try (Connection connection = server.connect(database.name())) {
            for (String type : List.of("MEDIUMTEXT", "LONGBLOB", "LONGTEXT CHARACTER SET latin1")) {
                String columns = "id INT PRIMARY KEY, a MEDIUMTEXT CHARACTER SET utf8mb4, b " + type;
                String row = "(1, REPEAT('x', 600000), REPEAT('y', 600000)), (2, 'x', NULL)";
                assertThat(differs(connection, database, columns, row, "")).isFalse();
                assertThat(differs(connection, database, columns, row, "SET a = REPEAT('z', 600000) WHERE id = 1"))
                        .isTrue();
                assertThat(differs(connection, database, columns, row, "SET b = '' WHERE id = 2"))
                        .isTrue();
            }
            String shape = "id INT PRIMARY KEY, a JSON, g GEOMETRY";
            String rows = "(1, '{\"a\": 1}', ST_GeomFromText('LINESTRING(0 0, 1 1)')), (2, NULL, NULL)";
            assertThat(differs(connection, database, shape, rows, "")).isFalse();
            assertThat(differs(connection, database, shape, rows, "SET a = '{\"a\": 2}' WHERE id = 1"))
                    .isTrue();
            assertThat(differs(
                            connection,
                            database,
                            shape,
                            rows,
                            "SET g = ST_GeomFromText('LINESTRING(0 0, 1 2)') WHERE id = 1"))
                    .isTrue();
            assertThat(differs(
                            connection,
                            database,
                            shape,
                            rows,
                            "SET g = ST_GeomFromText('LINESTRING(0 0, 1 1)', 4326) WHERE id = 1"))
                    .isTrue();
        } finally {
            try (Connection connection = database.connect();
                    Statement s = connection.createStatement()) {
                s.execute("SET GLOBAL max_allowed_packet = " + before);
            }
        }
    }
}

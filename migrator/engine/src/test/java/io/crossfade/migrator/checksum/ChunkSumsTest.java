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
import java.sql.Connection;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;

/** What a chunk's sum must not overlook. */
class ChunkSumsTest {
    private static final KeyRange ALL = new KeyRange(List.of(), List.of());

    private static boolean differs(Connection connection, TestDatabase database, String damage) throws Exception {
        try (Statement s = connection.createStatement()) {
            s.execute("CREATE TABLE t (id INT PRIMARY KEY, a VARCHAR(20), b VARCHAR(20)) ENGINE=InnoDB");
            s.execute(
                    "INSERT INTO t VALUES (1, 'red', 'x'), (2, 'red', 'x'), (3, NULL, ''), (4, '', NULL), (5, 'a,b', 'c')");
        }
        TableAlter alter = new TableAlter(new TableName(database.name(), "t"), "ADD COLUMN note INT");
        GhostNames names = GhostNames.of(alter, Rules.DEFAULT, Instant.now());
        GhostTables ghosts = new GhostTables(alter, Rules.DEFAULT, names);
        ghosts.create(connection);
        TableChange change = ghosts.describe(connection);
        try (Statement s = connection.createStatement()) {
            s.execute("INSERT INTO _t_gho (id, a, b) SELECT id, a, b FROM t");
            if (!damage.isEmpty()) {
                s.execute("UPDATE _t_gho " + damage);
            }
        }
        Dialect dialect = Server.of(connection).dialect();
        ChunkSums sums = new ChunkSums(change, new RowHash(dialect, change));
        return !sums.source(connection, ALL).equals(sums.ghost(connection, ALL));
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

    @ServerTest({ServerKind.MYSQL_80, ServerKind.MARIADB_114})
    void textsAreKeptApart(TestDatabase database) throws Exception {
        try (Connection connection = database.connect()) {
            assertThat(differs(connection, database, "SET a = 'a', b = 'b,c' WHERE id = 5"))
                    .isTrue();
        }
    }
}

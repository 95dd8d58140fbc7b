package io.crossfade.migrator.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.dialect.MySqlDialect;
import io.crossfade.model.Column;
import io.crossfade.model.TableName;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.util.List;

class KeyTest {

    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void severalKeysWithWordsInThemAreFound(TestDatabase database) throws Exception {
        for (String type : List.of("ENUM('b','a')", "SET('b','a')", "BIT(4)")) {
            database.execute(
                    "DROP TABLE IF EXISTS t",
                    "CREATE TABLE t (k " + type + " NOT NULL, n INT NOT NULL, PRIMARY KEY (k, n))",
                    "INSERT INTO t VALUES (1, 7), (2, 7), (2, 8)");
            Key key = new Key(
                    MySqlDialect.of("8.0.15"),
                    new TableName(database.name(), "t"),
                    "PRIMARY",
                    List.of(KeyColumn.of(Column.plain("k", type)), KeyColumn.of(Column.plain("n", "int"))));
            String condition = key.in(List.of(List.of("1", "7"), List.of("2", "8"), List.of("1", "8")));
            assertThat(database.queryLong("SELECT COUNT(*) FROM " + key.indexed() + " WHERE " + condition))
                    .describedAs(type)
                    .isEqualTo(2);
        }
    }
}

package io.crossfade.migrator.stream;

import static io.crossfade.testkit.ServerKind.MARIADB_114;
import static io.crossfade.testkit.ServerKind.MYSQL_57;
import static io.crossfade.testkit.ServerKind.MYSQL_80;
import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.util.List;

class BinlogChangeLogTest {

    @ServerTest({MYSQL_80, MYSQL_57, MARIADB_114})
    void rowsComeWithTheirImages(TestDatabase database) throws Exception {
        database.execute(
                "CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(20))", "CREATE TABLE other (id INT PRIMARY KEY)");
        try (Reading reading = Reading.of(database, "t")) {
            database.execute(
                    "INSERT INTO t VALUES (1, 'a'), (2, NULL)",
                    "INSERT INTO other VALUES (1)",
                    "UPDATE t SET id = 3 WHERE id = 1",
                    "DELETE FROM t WHERE id = 2");
            List<LogEvent.Changed> changes = Reading.changes(reading.events());
            assertThat(changes).hasSize(4);
            assertThat(changes.get(0).before()).isNull();
            assertThat(changes.get(0).after().value(1)).isEqualTo(new byte[] {'a'});
            assertThat(changes.get(1).after().value(1)).isNull();
            assertThat(changes.get(2).before().value(0)).isEqualTo(1L);
            assertThat(changes.get(2).after().value(0)).isEqualTo(3L);
            assertThat(changes.get(3).before().value(0)).isEqualTo(2L);
            assertThat(changes.get(3).after()).isNull();
        }
    }
}

package io.crossfade.migrator.lint;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.dialect.Dialect;
import io.crossfade.migrator.ghost.Rules;
import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.migrator.mysql.GhostTables;
import io.crossfade.migrator.mysql.Server;
import io.crossfade.model.TableName;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class NameExchangeTest {

    @Test
    void whatHoldsWritersForASecondIsRefused() {
        assertThat(NameExchange.judged(40, Duration.ofMillis(99))).isEmpty();
        assertThat(NameExchange.judged(200, Duration.ofMillis(900)))
                .singleElement()
                .satisfies(f -> assertThat(f.isRefusal()).isFalse());
        List<Finding> slow = NameExchange.judged(1000, Duration.ofMillis(10_100));
        assertThat(slow).singleElement().satisfies(f -> {
            assertThat(f.isRefusal()).isTrue();
            assertThat(f.seen()).contains("1000 partitions", "about 10.1 s");
            assertThat(f.todo()).contains("--accept-lint");
        });
    }

    @ServerTest
    void theCloneIsWhereItWasAfterwards(TestDatabase database) throws Exception {
        database.execute("CREATE TABLE t (id INT PRIMARY KEY) PARTITION BY HASH (id) PARTITIONS 12");
        TableAlter alter = new TableAlter(new TableName(database.name(), "t"), "ADD a INT");
        try (Connection connection = database.connect()) {
            Dialect dialect = Server.of(connection).dialect();
            GhostTables clone = GhostTables.rehearsal(connection, alter, Rules.DEFAULT);
            clone.shape(connection);
            new NameExchange(connection, dialect).look(clone.describe(connection));
            assertThat(database.query("SHOW TABLES LIKE '\\_cf\\_probe\\_%'").toString())
                    .contains(clone.names().ghost().table())
                    .doesNotContain(clone.names().ghost().table() + "x");
            clone.drop(connection);
        }
    }
}

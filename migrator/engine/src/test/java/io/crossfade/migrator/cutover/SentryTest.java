package io.crossfade.migrator.cutover;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.migrator.mysql.Connections;
import io.crossfade.migrator.mysql.Server;
import io.crossfade.model.TableName;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

class SentryTest {

    /** The connector keeps to the mode in which it logged in, whatever its session is told afterwards. */
    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void standsAndGoesWhateverEscapesATextAndWhateverTheTablesAreCalled(TestDatabase database) throws Exception {
        String before = database.query("SELECT @@GLOBAL.sql_mode").get(0).toString();
        try {
            for (String mode : List.of("", "NO_BACKSLASH_ESCAPES")) {
                database.execute("SET GLOBAL sql_mode = '" + mode + "'");
                for (String name : List.of("t", "it's", "a\\b", "x\"y", "50%", "w\nz")) {
                    standsAndGoes(database, List.of(new TableName(database.name(), name)), mode + " " + name);
                }
            }
        } finally {
            database.execute("SET GLOBAL sql_mode = '" + before.replaceAll("[\\[\\]]", "") + "'");
        }
    }

    private static void standsAndGoes(TestDatabase database, List<TableName> tables, String what) throws SQLException {
        try (Session session = Session.open(new Connections(database::connect), Duration.ofSeconds(1))) {
            Sentry sentry = Sentry.of(tables, 7);
            sentry.create(session, Server.of(session.connection).dialect());
            assertThat(database.query("SHOW TABLES")).as(what).hasSize(2);
            Sentry.of(tables, 8)
                    .drop(session.connection, Server.of(session.connection).dialect());
            assertThat(database.query("SHOW TABLES")).as(what).isEmpty();
        }
    }
}

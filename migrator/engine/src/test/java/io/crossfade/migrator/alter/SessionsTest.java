package io.crossfade.migrator.alter;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.migrator.ghost.Rules;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import io.crossfade.testkit.TestServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;

/** That the sessions of a table change are set up for what they do. */
class SessionsTest {

    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void indexesAreBuiltInOneThread(TestServer server, TestDatabase database) throws Exception {
        Sessions sessions = new Sessions(
                new AlterTrial(server, database).connections(),
                Rules.DEFAULT,
                Bounds.DEFAULT.log().silenceMax());
        try (Connection connection = sessions.openForIndexes();
                Statement s = connection.createStatement();
                ResultSet r = s.executeQuery("SHOW SESSION VARIABLES WHERE Variable_name IN"
                        + " ('innodb_ddl_threads', 'innodb_parallel_read_threads')")) {
            int found = 0;
            while (r.next()) {
                found++;
                assertThat(r.getInt(2)).as(r.getString(1)).isOne();
            }
            assertThat(found > 0).as("the server has them").isEqualTo(server.kind() == ServerKind.MYSQL_80);
        }
    }
}

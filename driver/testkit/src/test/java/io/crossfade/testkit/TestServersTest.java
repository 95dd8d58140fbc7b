package io.crossfade.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TestServersTest {
    @Test
    void anExternalServersUrlIsRead() {
        assertThat(TestServers.external(
                        ServerKind.MYSQL_80, "jdbc:mysql://db.test:3307/?user=me&password=a%26b&sslMode=DISABLED"))
                .isEqualTo(new TestServer(ServerKind.MYSQL_80, "db.test", 3307, "me", "a&b"));
        assertThat(TestServers.external(ServerKind.MARIADB_114, "jdbc:mariadb://db.test"))
                .isEqualTo(new TestServer(ServerKind.MARIADB_114, "db.test", 3306, "root", ""));
    }

    @Test
    void aUrlThatIsNoneIsRefused() {
        assertThatThrownBy(() -> TestServers.external(ServerKind.MYSQL_80, "mysql://db.test"))
                .hasMessageContaining("crossfade.test.mysql.url");
    }

    @ServerTest
    void thereIsOneServerForEachKind(TestServer server, ServerKind kind) {
        assertThat(server.kind()).isEqualTo(kind);
        assertThat(TestServers.get(kind)).isSameAs(server);
    }
}

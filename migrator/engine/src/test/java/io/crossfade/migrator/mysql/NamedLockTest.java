package io.crossfade.migrator.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;

/** Whom a lock's name keeps out, and whom it does not. */
class NamedLockTest {

    /** The two have one hashCode. */
    @ServerTest(ServerKind.MYSQL_80)
    void twoTablesHaveTwoLocksAndOneTableHasOne(TestDatabase database) throws SQLException {
        try (Connection one = database.connect();
                Connection other = database.connect()) {
            String kind = "crossfade:" + database.name().substring(0, 1);
            assertThat(NamedLock.of(one, kind, database.name() + ".AaAa").take(0))
                    .isTrue();
            assertThat(NamedLock.of(other, kind, database.name() + ".BBBB").take(0))
                    .isTrue();
            assertThat(NamedLock.of(other, kind, database.name() + ".AaAa").take(0))
                    .isFalse();
        }
    }
}

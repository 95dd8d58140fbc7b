package io.crossfade.migrator.alter;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.migrator.apply.Markers;
import io.crossfade.migrator.session.Lane;
import io.crossfade.migrator.signal.Cancel;
import io.crossfade.model.TableName;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;

class HeartTest {

    @ServerTest(ServerKind.MYSQL_80)
    void tellsHowLongTheServerTakesForACommit(TestDatabase database) throws SQLException {
        TableName table = new TableName(database.name(), "_t_ghc");
        try (Connection connection = database.connect()) {
            Heart.createTable(connection, table);
        }
        Cancel cancel = new Cancel();
        try (Lane lane = new Lane("a marker", database::connect, cancel)) {
            Heart heart = new Heart(lane, table, Markers.ofOneRun(), cancel, Heart.Proof.NONE);
            assertThat(heart.commitMicros()).isZero();
            heart.beat();
            assertThat(heart.commitMicros()).isPositive();
        }
    }
}

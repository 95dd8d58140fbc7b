package io.crossfade.migrator.alter;

import static io.crossfade.testkit.ServerKind.MARIADB_114;
import static io.crossfade.testkit.ServerKind.MYSQL_57;
import static io.crossfade.testkit.ServerKind.MYSQL_80;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.migrator.mysql.Switches;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.signal.Milestone;
import io.crossfade.migrator.signal.Progress;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import io.crossfade.testkit.TestServer;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * Settings of the server that are changed for the time of a run: on while it lasts, and what they were afterwards, also where a run was
 * killed. The variable is one that all servers know and nobody here needs.
 */
class ServerSettingsTest {
    private static final String VARIABLE = "innodb_print_all_deadlocks";

    private static final String NOTE = "ADD COLUMN note INT NOT NULL DEFAULT 7";

    private AlterTrial trial;

    @BeforeEach
    void makeTable(TestServer server, TestDatabase database) throws SQLException {
        trial = trial(server, database);
        trial.execute("CREATE TABLE t (id INT PRIMARY KEY)", "INSERT INTO t VALUES (1), (2), (3)");
    }

    @AfterEach
    void reset() throws SQLException {
        trial.execute("SET GLOBAL " + VARIABLE + " = OFF");
    }

    private static AlterTrial trial(TestServer server, TestDatabase database) {
        AlterTrial trial = new AlterTrial(server, database);
        trial.switches = new Switches(false, List.of(VARIABLE, "no_such_variable"));
        return trial;
    }

    private String now() throws SQLException {
        return trial.one("SELECT @@GLOBAL." + VARIABLE);
    }

    private String owed() throws SQLException {
        return trial.one("SELECT JSON_EXTRACT(state, '$.switchedOn') FROM _t_ghk");
    }

    private interface Event {
        void on() throws SQLException;
    }

    private void at(Milestone milestone, Event event) {
        trial.listener = progress -> {
            trial.progress.add(progress);
            if (progress instanceof Progress.Reached reached && reached.milestone() == milestone) {
                try {
                    event.on();
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            }
        };
    }

    private static IllegalStateException end() {
        return new IllegalStateException("ended by the test");
    }

    @ServerTest({MYSQL_80, MYSQL_57, MARIADB_114})
    void itIsOnWhileTheRunLastsAndOffAfterwards() throws SQLException {
        String[] seen = new String[1];
        at(Milestone.ROW_COPY_COMPLETE, () -> seen[0] = now());
        trial.alter("t", NOTE);
        assertThat(seen[0]).isEqualTo("1");
        assertThat(now()).isEqualTo("0");
        assertThat(owed()).isEqualTo("[]");
        assertThat(trial.said())
                .contains(
                        "set the server's " + VARIABLE + " to ON, as asked; it is set back to OFF when the run ends",
                        "set the server's " + VARIABLE + " back to OFF");
    }

    @ServerTest({MYSQL_80, MARIADB_114})
    void whatIsOnAlreadyStaysOn() throws SQLException {
        trial.execute("SET GLOBAL " + VARIABLE + " = ON");
        trial.alter("t", NOTE);
        assertThat(now()).isEqualTo("1");
        assertThat(String.join("\n", trial.said())).doesNotContain(VARIABLE);
    }

    @ServerTest({MYSQL_80, MARIADB_114})
    void aRunThatFailsSetsItBack() throws SQLException {
        at(Milestone.ROW_COPY_COMPLETE, () -> {
            throw end();
        });
        assertThatThrownBy(() -> trial.alter("t", NOTE)).isInstanceOf(IllegalStateException.class);
        assertThat(now()).isEqualTo("0");
        assertThat(owed()).isEqualTo("[]");
    }

    /** As a run that is killed leaves it: the server cannot be asked to set it back. */
    private void refuseSessionsFrom(Milestone milestone, boolean ends) {
        boolean[] refuses = new boolean[1];
        trial.source = () -> {
            if (refuses[0]) {
                throw new SQLException("refused by the test", "08001");
            }
            return trial.connect();
        };
        at(milestone, () -> {
            refuses[0] = true;
            if (ends) {
                throw end();
            }
        });
    }

    @ServerTest({MYSQL_80, MARIADB_114})
    void theRunAfterAKilledOneSetsItBackAlthoughItWasNotAskedTo(TestServer server, TestDatabase database)
            throws SQLException {
        refuseSessionsFrom(Milestone.ROW_COPY_COMPLETE, true);
        assertThatThrownBy(() -> trial.alter("t", NOTE)).isInstanceOf(IllegalStateException.class);
        assertThat(trial.said())
                .anyMatch(said -> said.startsWith("warning: could not set the server's " + VARIABLE + " back to OFF"));
        assertThat(now()).isEqualTo("1");

        trial = new AlterTrial(server, database);
        String[] seen = new String[1];
        at(Milestone.BEFORE_CUT_OVER, () -> seen[0] = now());
        trial.alter("t", NOTE);
        assertThat(seen[0]).isEqualTo("1");
        assertThat(now()).isEqualTo("0");
        assertThat(trial.one("SELECT SUM(note) FROM t")).isEqualTo("21");
    }

    @ServerTest({MYSQL_80, MARIADB_114})
    void theSameCommandSetsItBackWhereTheTableIsChangedAlready(TestServer server, TestDatabase database)
            throws SQLException {
        Boolean[] isChanged = {false};
        trial.source = () -> {
            if (isChanged[0]) {
                throw new SQLException("refused by the test", "08001");
            }
            return trial.connect();
        };
        trial.listener = progress -> {
            trial.progress.add(progress);
            isChanged[0] |=
                    progress instanceof Progress.Note note && note.text().startsWith("cut over");
        };
        trial.alter("t", NOTE);
        assertThat(now()).isEqualTo("1");
        assertThat(owed()).contains(VARIABLE);

        trial = new AlterTrial(server, database);
        trial.alter("t", NOTE);
        assertThat(now()).isEqualTo("0");
        assertThat(owed()).isEqualTo("[]");
        assertThat(trial.one("SELECT SUM(note) FROM t")).isEqualTo("21");
    }

    @ServerTest({MYSQL_80, MARIADB_114})
    void aUserWhoMayNotIsToldSoBeforeAnythingIsMade(TestDatabase database) throws SQLException {
        String user = "'plain'@'%'";
        database.execute(
                "CREATE USER " + user + " IDENTIFIED BY 'plain'",
                "GRANT ALL ON `" + database.name() + "`.* TO " + user,
                "GRANT REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO " + user);
        try {
            trial.source = () -> DriverManager.getConnection(database.jdbcUrl(), "plain", "plain");
            assertThatThrownBy(() -> trial.alter("t", NOTE))
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining("the server does not let this user");
            assertThat(trial.column("SHOW TABLES LIKE '\\_t%'")).isEmpty();
        } finally {
            database.execute("DROP USER " + user);
        }
    }
}

package io.crossfade.migrator.alter;

import static io.crossfade.migrator.alter.Faults.NOTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.migrator.ghost.Rules;
import io.crossfade.migrator.mysql.SomeRules;
import io.crossfade.migrator.signal.Progress;
import io.crossfade.testkit.SeededRandom;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import io.crossfade.testkit.TestServer;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;

/**
 * Trials at a server that is set up as a replica of one that is not there, ended anywhere: the same command gives the table back as it
 * was, with all that was written. With a source that writes they are in {@link OtherServerTest}.
 */
class ReplicaTrialTest {
    /** Beside the one between the exchange and its undoing. */
    private static final int DEATHS = Integer.getInteger("crossfade.test.kills", 1);

    /** What a trial tells from its beginning to its end. */
    private static final int EVENTS = 15;

    private AutoCloseable replica = () -> {};

    @AfterEach
    void beNoReplica() throws Exception {
        replica.close();
    }

    private AlterTrial trial(TestServer server, TestDatabase database, Consumer<SomeRules> more) throws SQLException {
        AlterTrial trial = new AlterTrial(server, database).rules(SomeRules.with(r -> {
            r.route = Rules.Route.GHOST;
            r.trial = Rules.Trial.STOPS_REPLICATION;
            more.accept(r);
        }));
        trial.execute("STOP SLAVE", "CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT=1, MASTER_USER='nobody'");
        replica = () -> trial.execute("STOP SLAVE", "RESET SLAVE ALL");
        return trial;
    }

    @ServerTest(ServerKind.MYSQL_80)
    void aTrialThatEndsAtAnyOfItsStepsGivesTheTableBack(TestServer server, TestDatabase database) throws Exception {
        try (Scene scene = Faults.table(server, database)) {
            scene.trial.execute("CREATE TABLE twin LIKE t", "INSERT INTO twin SELECT * FROM t");
        }
        SeededRandom.forAll(1, random -> {
            AlterTrial trial = trial(server, database, r -> {});
            AtomicInteger left = new AtomicInteger();
            AtomicBoolean hasDiedExchanged = new AtomicBoolean();
            trial.listener = progress -> {
                trial.progress.add(progress);
                boolean isExchanged = progress instanceof Progress.Note note
                        && note.text().startsWith("cut over: ")
                        && hasDiedExchanged.compareAndSet(false, true);
                if (left.decrementAndGet() == 0 || isExchanged) {
                    throw new IllegalStateException("ended at " + progress);
                }
            };
            int deaths = 0;
            for (boolean isOver = false; !isOver; ) {
                left.set(deaths < DEATHS ? 1 + random.nextInt(EVENTS) : 0);
                trial.execute("START SLAVE SQL_THREAD");
                try {
                    trial.alter("t", NOTE);
                    isOver = true;
                } catch (IllegalStateException e) {
                    deaths++;
                }
                for (String table : new String[] {"t", "twin"}) {
                    trial.execute(
                            "UPDATE " + table + " SET v = CONCAT(v, '/') WHERE id % 5 = " + deaths % 5,
                            "DELETE FROM " + table + " WHERE id = " + (100 + deaths));
                }
            }
            assertThat(hasDiedExchanged).isTrue();
            assertThat(trial.column("SHOW COLUMNS FROM t LIKE 'note'"))
                    .as("%s", trial.said())
                    .isEmpty();
            assertThat(trial.one("SELECT COUNT(*) FROM t JOIN twin USING (id, v)"))
                    .as("%s", trial.said())
                    .isEqualTo(trial.one("SELECT COUNT(*) FROM t"))
                    .isEqualTo(trial.one("SELECT COUNT(*) FROM twin"));
            assertThat(trial.column("SHOW TABLES LIKE '\\_t\\_%'")).containsExactly("_t_gho");
            trial.execute("DROP TABLE _t_gho");
        });
    }

    @ServerTest(ServerKind.MYSQL_80)
    void aTableKeepsItsTriggersInATrial(TestServer server, TestDatabase database) throws Exception {
        try (Scene scene = Faults.table(server, database)) {
            scene.trial.execute(
                    "CREATE TABLE seen (id INT)",
                    "CREATE TRIGGER t_put AFTER INSERT ON t FOR EACH ROW INSERT INTO seen VALUES (NEW.id)");
        }
        AlterTrial trial = trial(server, database, r -> {
            r.triggers = true;
            r.suffix = "_new";
        });
        trial.alter("t", NOTE);
        trial.execute("INSERT INTO t VALUES (1001, 'x')");
        assertThat(trial.column("SHOW COLUMNS FROM t LIKE 'note'")).isEmpty();
        assertThat(trial.column("SELECT id FROM seen")).containsExactly("1001");
        assertThat(trial.one("SELECT COUNT(*) FROM _t_gho")).isEqualTo("600");

        // Ended between the exchange and its undoing; the way back would set the table's triggers off once more.
        trial.execute("DROP TABLE _t_gho");
        FailingSource failing = new FailingSource(trial::connect);
        failing.failAt("`t` TO `" + database.name() + "`.`_t_gho`");
        trial.source = failing;
        assertThatThrownBy(() -> trial.alter("t", NOTE)).hasMessageContaining("could not be exchanged back");
        trial.source = trial::connect;
        assertThatThrownBy(() -> trial.alter("t", NOTE)).hasMessageContaining("the trigger t_put");
    }
}

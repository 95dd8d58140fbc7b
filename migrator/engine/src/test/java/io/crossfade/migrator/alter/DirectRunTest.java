package io.crossfade.migrator.alter;

import static io.crossfade.testkit.ServerKind.MARIADB_114;
import static io.crossfade.testkit.ServerKind.MYSQL_80;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.migrator.ghost.Rules;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.signal.Progress;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import io.crossfade.testkit.TestServer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Changes that the server makes by itself, while others work at the same table. */
final class DirectRunTest {
    private static final String NOTE = "ADD COLUMN note INT NOT NULL DEFAULT 7";

    private static AlterTrial trial(TestServer server, TestDatabase database) {
        return new AlterTrial(server, database).rules(Rules.DEFAULT);
    }

    /** Does it once a trial has told its plan, in its thread. */
    private static void oncePlanned(AlterTrial trial, Crew.Job job) {
        AtomicBoolean isDone = new AtomicBoolean();
        trial.listener = progress -> {
            trial.progress.add(progress);
            boolean isPlan =
                    progress instanceof Progress.Note note && note.text().contains(": INSTANT: ");
            if (isPlan && !isDone.getAndSet(true)) {
                try {
                    job.run();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
        };
    }

    /** Both would plan the same, and the second one's statement would fail. */
    @ServerTest({MYSQL_80, MARIADB_114})
    void twoRunsDoNotMakeTheSameChange(TestServer server, TestDatabase database) throws Exception {
        AlterTrial first = trial(server, database);
        first.execute("CREATE TABLE t (id INT PRIMARY KEY)", "INSERT INTO t VALUES (1)");
        AlterTrial second = trial(server, database);
        AtomicReference<@Nullable MigrationException> end = new AtomicReference<>();
        oncePlanned(first, () -> {
            try {
                second.alter("t", NOTE);
            } catch (MigrationException e) {
                end.set(e);
            }
        });

        first.alter("t", NOTE);

        assertThat(first.one("SELECT note FROM t")).isEqualTo("7");
        assertThat(end.get())
                .isNotNull()
                .hasMessageStartingWith("cannot alter table")
                .hasMessageContaining("another run of crossfade works on it");
        assertThat(end.get().kind()).isEqualTo(MigrationException.Kind.REFUSED);
        assertThat(second.said()).as("what is planned beside another run").isEmpty();
        assertThatThrownBy(() -> second.alter("t", NOTE))
                .isInstanceOf(MigrationException.class)
                .hasMessageStartingWith("cannot alter table")
                .hasMessageContaining("Duplicate column name 'note'");
    }

    @ServerTest({MYSQL_80, MARIADB_114})
    void aTableThatSomebodyChangedSinceItWasLookedAtIsTold(TestServer server, TestDatabase database) throws Exception {
        AlterTrial trial = trial(server, database);
        trial.execute("CREATE TABLE t (id INT PRIMARY KEY)");
        oncePlanned(trial, () -> trial.execute("ALTER TABLE t " + NOTE));

        assertThatThrownBy(() -> trial.alter("t", NOTE))
                .isInstanceOf(MigrationException.class)
                .hasMessageStartingWith("stopped: change of " + trial.table("t"))
                .hasMessageContainingAll("somebody else has changed it since it was looked at", "'note'")
                .hasMessageNotContaining("checkpoint");

        oncePlanned(trial, () -> trial.execute("DROP TABLE t"));
        assertThatThrownBy(() -> trial.alter("t", "ADD COLUMN other INT"))
                .isInstanceOf(MigrationException.class)
                .hasMessageStartingWith("stopped: change of " + trial.table("t"))
                .hasMessageContaining("somebody else has dropped or renamed it since it was looked at");
    }
}

package io.crossfade.migrator.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.migrator.alter.WatchedSource;
import io.crossfade.migrator.mysql.NamedLock;
import io.crossfade.migrator.session.Voice;
import io.crossfade.migrator.signal.Cancel;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.throttle.Throttle;
import io.crossfade.model.Change;
import io.crossfade.model.Stage;
import io.crossfade.state.ChangeRow;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The lock of a column change is free soon after its migrator's host is gone, of which the server does not hear, and not before. */
final class SilentMigratorTest {
    private static final Duration SILENCE = Duration.ofSeconds(3);

    /** Three are said within that time. */
    private static final int WORDS = 6;

    private static final int WAIT_SECONDS = 60;

    @ServerTest
    void theServerEndsASilentSession(TestDatabase database) throws Exception {
        try (Connection silent = database.connect();
                Connection next = database.connect()) {
            NamedLock held = NamedLock.ofChange(silent, "crossfade", "c");
            assertThat(held.take(0)).isTrue();
            Voice.on(silent, Duration.ofSeconds(1), () -> {}).close();
            assertThat(NamedLock.ofChange(next, "crossfade", "c").take(WAIT_SECONDS))
                    .isTrue();
        }
    }

    @ServerTest
    void aRunThatHasNothingToSayKeepsItsLock(TestDatabase database) throws Exception {
        try (Run run = new Run(database, SILENCE)) {
            run.awaitHeld();
            String holder = holder(database);
            run.awaitWords();
            assertThat(holder(database)).as("after twice the server's patience").isEqualTo(holder);
            run.letGo();
            assertThat(run.end().state().stage()).isEqualTo(Stage.SHADOW);
        }
    }

    @ServerTest
    void aRunThatHasLostItsLockEnds(TestDatabase database) throws Exception {
        try (Run run = new Run(database, SILENCE)) {
            run.awaitHeld();
            database.execute("KILL " + holder(database));
            assertThatThrownBy(run::end)
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining("the session that holds the run's lock on the change was lost")
                    .hasMessageContaining("run the same command again");
        }
        Trial again = new Trial(database);
        assertThat(again.with(m -> m.start(Run.change(again))).state().stage()).isEqualTo(Stage.SHADOW);
    }

    /** A command has the usual bound. */
    @ServerTest(ServerKind.MYSQL_80)
    void theLockOfACommandIsBound(TestDatabase database) throws Exception {
        try (Run run = new Run(database, null)) {
            run.awaitHeld();
            assertThat(database.query("SELECT VARIABLE_VALUE FROM performance_schema.variables_by_thread JOIN"
                            + " performance_schema.threads USING (THREAD_ID) WHERE VARIABLE_NAME = 'wait_timeout'"
                            + " AND PROCESSLIST_ID = " + holder(database)))
                    .containsExactly(List.of("30"));
            run.letGo();
            run.end();
        }
    }

    private static String holder(TestDatabase database) throws SQLException {
        try (Connection connection = database.connect()) {
            String name = NamedLock.ofChange(connection, "crossfade", "c").name();
            return String.valueOf(database.query("SELECT COALESCE(IS_USED_LOCK('" + name + "'), 'nobody')")
                    .get(0)
                    .get(0));
        }
    }

    /** A change's first command, held in its backfill. */
    private static final class Run implements AutoCloseable, WatchedSource.Watch, Throttle {
        private final Cancel cancel = new Cancel();
        private final CountDownLatch held = new CountDownLatch(1);
        private final CountDownLatch words = new CountDownLatch(WORDS);
        private final FutureTask<ChangeRow> work;
        private volatile boolean isLetGo;

        Run(TestDatabase database, @Nullable Duration silenceMax) throws SQLException {
            database.execute(
                    "CREATE TABLE t (id INT PRIMARY KEY, status VARCHAR(20) NULL)", "INSERT INTO t VALUES (1, 'x')");
            Trial trial = new Trial(database);
            WatchedSource source = new WatchedSource(database::connect, this);
            work = new FutureTask<>(() -> {
                try (Migrator migrator = silenceMax == null
                        ? Migrator.open(source, trial.settings, t -> List.of(this), cancel, p -> {}, "test")
                        : Migrator.open(
                                source, trial.settings, t -> List.of(this), cancel, p -> {}, "test", silenceMax)) {
                    return migrator.start(change(trial));
                }
            });
            Thread thread = new Thread(work, "migrator");
            thread.setDaemon(true);
            thread.start();
        }

        static Change change(Trial trial) {
            return trial.change("rename: {from: status, to: order_status}");
        }

        @Override
        public Optional<String> reason() {
            held.countDown();
            return isLetGo ? Optional.empty() : Optional.of("the test holds it");
        }

        @Override
        public void after(Connection session, String sql) {
            if (sql.equals("DO 0") && held.getCount() == 0) {
                words.countDown();
            }
        }

        void awaitHeld() throws InterruptedException {
            assertThat(held.await(WAIT_SECONDS, TimeUnit.SECONDS)).as("held").isTrue();
        }

        void awaitWords() throws InterruptedException {
            assertThat(words.await(WAIT_SECONDS, TimeUnit.SECONDS)).as("spoken").isTrue();
        }

        void letGo() {
            isLetGo = true;
        }

        ChangeRow end() throws Exception {
            try {
                return work.get(WAIT_SECONDS, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                throw e.getCause() instanceof Exception seen ? seen : e;
            }
        }

        @Override
        public void close() {
            cancel.request();
        }
    }
}

package io.crossfade.migrator.alter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.migrator.cutover.Limits;
import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import io.crossfade.testkit.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The exchange back is cut off while the last changes are carried: none is lost, none carried twice. */
class LostRevertTest {
    private static final String ALTER = "ADD COLUMN note INT NOT NULL DEFAULT 7, DROP COLUMN extra";

    /** The value 10 passes from row 1 to row 2, so that carrying the first of these once more would be a conflict. */
    private static final List<String> TRANSACTIONS = List.of(
            "UPDATE t SET note = 8 WHERE id = 1",
            "UPDATE t SET k = 11 WHERE id = 1",
            "BEGIN",
            "INSERT INTO t (id, k, note) VALUES (5, 50, 1)",
            "UPDATE t SET k = 10 WHERE id = 2",
            "DELETE FROM t WHERE id = 3",
            "INSERT INTO t (id, k, note) VALUES (6, 60, 1)",
            "COMMIT",
            "INSERT INTO t (id, k, note) VALUES (7, 70, 1)");

    private static final String[] CARRIED = {"1 11 one", "2 10 two", "4 40 four", "5 50 -", "6 60 -", "7 70 -"};

    private final TestServer server;
    private final TestDatabase database;
    private final AlterTrial trial;

    LostRevertTest(TestServer server, TestDatabase database) {
        this.server = server;
        this.database = database;
        this.trial = new AlterTrial(server, database);
    }

    private enum Cut {
        SESSION_IN_A_TRANSACTION,
        QUERY_IN_A_TRANSACTION,
        SESSION_BEFORE_A_COMMIT,
        ANSWER_TO_A_COMMIT,
        SESSION_BEFORE_THE_RENAME
    }

    /** Writes when the cut-over asks for its locks, and strikes the session that holds them. */
    private final class Striking implements WatchedSource.Watch {
        private final Cut cut;
        private @Nullable Connection holder;
        private boolean isInTransaction;
        private boolean hasStruck;

        Striking(Cut cut) {
            this.cut = cut;
        }

        @Override
        public synchronized void before(Connection session, String sql) throws SQLException {
            if (sql.startsWith("LOCK TABLES") && holder == null) {
                trial.execute(TRANSACTIONS.toArray(String[]::new));
                holder = session;
            }
            if (session != holder || hasStruck) {
                return;
            }
            boolean isRow = isInTransaction && sql.startsWith("DELETE FROM");
            isInTransaction |= sql.startsWith("INSERT INTO") && sql.contains("50");
            if (isRow && cut == Cut.QUERY_IN_A_TRANSACTION) {
                hasStruck = true;
                throw new SQLException("Query execution was interrupted", "70100", 1317);
            }
            if ((isRow && cut == Cut.SESSION_IN_A_TRANSACTION)
                    || (isInTransaction && sql.equals("COMMIT") && cut == Cut.SESSION_BEFORE_A_COMMIT)
                    || (sql.startsWith("RENAME") && cut == Cut.SESSION_BEFORE_THE_RENAME)) {
                hasStruck = true;
                throw WatchedSource.lost(session);
            }
        }

        @Override
        public synchronized void after(Connection session, String sql) throws SQLException {
            if (session == holder
                    && !hasStruck
                    && isInTransaction
                    && sql.equals("COMMIT")
                    && cut == Cut.ANSWER_TO_A_COMMIT) {
                hasStruck = true;
                throw WatchedSource.lost(session);
            }
        }
    }

    private void prepare() throws SQLException {
        trial.source = trial::connect;
        trial.execute(
                "DROP TABLE IF EXISTS t, _t_gho, _t_ghk, _t_del",
                "CREATE TABLE t (id INT NOT NULL PRIMARY KEY, k INT NOT NULL, extra VARCHAR(20) NULL, UNIQUE KEY (k))",
                "INSERT INTO t VALUES (1, 10, 'one'), (2, 20, 'two'), (3, 30, 'three'), (4, 40, 'four')");
        trial.alter("t", ALTER);
    }

    private void revert() throws SQLException {
        trial.alteration(new TableAlter(trial.table("t"), ALTER)).revert();
    }

    private static Bounds attempts(int atMost) {
        return Bounds.DEFAULT
                .withCopy(new Bounds.Copy(1, Duration.ofMillis(100)))
                .withCutOver(new Limits(Duration.ofMillis(2000), atMost, Duration.ofSeconds(1), false));
    }

    @ServerTest(ServerKind.MYSQL_80)
    void theNextAttemptCarriesWhatTheCutOffOneTook() throws Exception {
        for (Cut cut : Cut.values()) {
            prepare();
            trial.bounds = attempts(5);
            Striking striking = new Striking(cut);
            trial.source = new WatchedSource(trial::connect, striking);

            revert();

            assertThat(striking.hasStruck).as(cut.name()).isTrue();
            assertThat(trial.column("SELECT CONCAT_WS(' ', id, k, COALESCE(extra, '-')) FROM t ORDER BY id"))
                    .as(cut.name())
                    .containsExactly(CARRIED);
        }
    }

    @ServerTest(ServerKind.MYSQL_80)
    void theNextRunCarriesNothingTwice() throws Exception {
        for (Cut cut : Cut.values()) {
            prepare();
            trial.bounds = attempts(1);
            trial.source = new WatchedSource(trial::connect, new Striking(cut));
            assertThatThrownBy(this::revert)
                    .as(cut.name())
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining("run the same command again");
            trial.source = trial::connect;
            trial.bounds = attempts(5);
            assertThatThrownBy(() -> trial.alter("t", ALTER))
                    .as("the columns are there already, but that is not what is to be told")
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContainingAll("the way back of another change of it is under way", "--revert");

            revert();

            assertThat(trial.column("SELECT CONCAT_WS(' ', id, k, COALESCE(extra, '-')) FROM t ORDER BY id"))
                    .as(cut.name())
                    .containsExactly(CARRIED);
        }
    }
}

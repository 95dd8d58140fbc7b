package io.crossfade.migrator.walk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.crossfade.dialect.MySqlDialect;
import io.crossfade.migrator.chunk.Key;
import io.crossfade.migrator.chunk.KeyColumn;
import io.crossfade.migrator.mysql.Connections;
import io.crossfade.migrator.signal.Cancel;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.throttle.Throttle;
import io.crossfade.migrator.throttle.Throttles;
import io.crossfade.model.Column;
import io.crossfade.model.TableName;
import io.crossfade.state.Checkpoint;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** A chunk that is handled in several visits. Time passes only as far as the walk is told so. */
class WalkTest {
    private static final int ROWS = 3;

    /** A walk that went on so long has no bound. */
    private static final int VISITS_MAX = 1_000;

    private static final Walk.Visit NOTHING_YET = new Walk.Visit(0, false);
    private static final Walk.Visit ONE_ROW = new Walk.Visit(1, false);

    private final List<Duration> pauses = new ArrayList<>();
    private final List<Checkpoint> saved = new ArrayList<>();
    private final List<Boolean> again = new ArrayList<>();

    @ServerTest(ServerKind.MYSQL_80)
    void visitsThatChangeNothingHavePausesBetweenThemAndABound(TestDatabase database) throws SQLException {
        assertThatThrownBy(() -> walk(database, visit -> NOTHING_YET))
                .isInstanceOfSatisfying(
                        MigrationException.class, e -> assertThat(e.kind()).isEqualTo(MigrationException.Kind.STOPPED))
                .hasMessageContaining("60 times in a row");
        assertThat(pauses).hasSize(59).startsWith(Duration.ofMillis(50), Duration.ofMillis(100));
        assertThat(saved).isEmpty();
        assertThat(again).startsWith(false, true, true).containsOnlyOnce(false);
    }

    @ServerTest(ServerKind.MYSQL_80)
    void aRowThatIsChangedBeginsTheCountAnew(TestDatabase database) throws SQLException {
        Checkpoint end =
                walk(database, visit -> visit == 100 ? Walk.Visit.whole(0) : visit == 50 ? ONE_ROW : NOTHING_YET);
        assertThat(end.rowsChanged()).isEqualTo(1);
        assertThat(end.rowsSeen()).isEqualTo(ROWS);
        assertThat(pauses).hasSize(98);
        assertThat(pauses.get(49)).isEqualTo(Duration.ofMillis(50));
        assertThat(saved).hasSize(3);
    }

    /** A mapping whose value does not read back, say. */
    @ServerTest(ServerKind.MYSQL_80)
    void rowsThatAreChangedAgainAndAgainAreNoProgress(TestDatabase database) {
        assertThatThrownBy(() -> walk(database, visit -> ONE_ROW)).hasMessageContaining("60 times in a row");
        assertThat(again).hasSize(ROWS + 60);
    }

    @ServerTest(ServerKind.MYSQL_80)
    void throttlesHoldBackBetweenTheVisitsOfAChunk(TestDatabase database) throws SQLException {
        AtomicBoolean isThrottled = new AtomicBoolean();
        // The walk comes to a second visit only by waiting, and the reason goes only where it waits.
        Cancel cancel = new Cancel(pause -> isThrottled.set(false));
        try (Throttles throttles = new Throttles(List.of(throttle(isThrottled)), cancel, progress -> {})) {
            walk(database, cancel, throttles, visit -> {
                if (visit == 1) {
                    isThrottled.set(true);
                    await().until(() -> throttles.reason().isPresent());
                    return ONE_ROW;
                }
                assertThat(isThrottled).isFalse();
                return Walk.Visit.whole(0);
            });
        }
    }

    /** A host that is gone keeps no row locked for longer than that; one that is held back may wait for days. */
    @ServerTest({ServerKind.MYSQL_80, ServerKind.MARIADB_114})
    void silenceIsShortWhileATransactionIsOpenAndLongWhileTheRunWaits(TestDatabase database) throws SQLException {
        AtomicBoolean isThrottled = new AtomicBoolean(true);
        List<Long> waits = new ArrayList<>();
        try (Connection connection = new Connections(database::connect).openManual();
                Connection other = database.connect()) {
            long id = asked(connection, "SELECT CONNECTION_ID()");
            Cancel cancel = new Cancel(pause -> {
                waits.add(asked(connection, "SELECT @@SESSION.wait_timeout"));
                assertThat(asked(
                                other,
                                "SELECT COUNT(*) FROM information_schema.INNODB_TRX WHERE trx_mysql_thread_id = " + id))
                        .as("transactions of a run that waits")
                        .isZero();
                isThrottled.set(false);
            });
            try (Throttles throttles = new Throttles(List.of(throttle(isThrottled)), cancel, progress -> {})) {
                await().until(() -> throttles.reason().isPresent());
                walk(database, connection, cancel, throttles, visit -> {
                    assertThat(transactionSeconds(connection)).isEqualTo(30);
                    return Walk.Visit.whole(0);
                });
            }
            assertThat(waits)
                    .isNotEmpty()
                    .allMatch(seconds -> seconds == Duration.ofDays(7).toSeconds());
        }
    }

    /** How long the server waits for a session's next statement within a transaction. */
    private static long transactionSeconds(Connection connection) {
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery("SHOW SESSION VARIABLES LIKE 'idle_transaction_timeout'")) {
            return r.next() ? r.getLong(2) : asked(connection, "SELECT @@SESSION.wait_timeout");
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private static long asked(Connection connection, String sql) {
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery(sql)) {
            r.next();
            return r.getLong(1);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private static Throttle throttle(AtomicBoolean isThrottled) {
        return new Throttle() {
            @Override
            public Optional<String> reason() {
                return isThrottled.get() ? Optional.of("too much") : Optional.empty();
            }

            @Override
            public Duration every() {
                return Duration.ofMillis(1);
            }
        };
    }

    @FunctionalInterface
    private interface Visits {
        Walk.Visit visit(int number) throws SQLException;
    }

    private Checkpoint walk(TestDatabase database, Visits visits) throws SQLException {
        Cancel cancel = new Cancel(pauses::add);
        try (Throttles throttles = new Throttles(List.of(), cancel, progress -> {})) {
            return walk(database, cancel, throttles, visits);
        }
    }

    private Checkpoint walk(TestDatabase database, Cancel cancel, Throttles throttles, Visits visits)
            throws SQLException {
        try (Connection connection = database.connect()) {
            connection.setAutoCommit(false);
            return walk(database, connection, cancel, throttles, visits);
        }
    }

    private Checkpoint walk(
            TestDatabase database, Connection connection, Cancel cancel, Throttles throttles, Visits visits)
            throws SQLException {
        database.execute("CREATE TABLE t (id INT PRIMARY KEY)", "INSERT INTO t VALUES (1), (2), (3)");
        Key key = new Key(
                MySqlDialect.of("8.0.15"),
                new TableName(database.name(), "t"),
                "PRIMARY",
                List.of(KeyColumn.of(Column.plain("id", "int"))));
        Pacing pacing = Pacing.DEFAULT.withRows(100, 100).withBreatherRatio(0);
        return new Walk(connection, key, ROWS, pacing, throttles, cancel, progress -> {})
                .run(
                        Checkpoint.start("backfill"),
                        (range, isAgain) -> {
                            again.add(isAgain);
                            assertThat(again).hasSizeLessThan(VISITS_MAX);
                            return visits.visit(again.size());
                        },
                        saved::add);
    }
}

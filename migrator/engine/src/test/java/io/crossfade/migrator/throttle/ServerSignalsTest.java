package io.crossfade.migrator.throttle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** The signals that a server gives, on real ones. */
class ServerSignalsTest {
    private static final List<Limit> LOW = List.of(new Limit("Threads_running", 0));
    private static final List<Limit> HIGH = List.of(new Limit("threads_running", 1_000_000));

    @ServerTest
    void loadHoldsBackAndAnUnknownVariableIsRefused(TestDatabase database) throws SQLException {
        AtomicReference<List<Limit>> limits = new AtomicReference<>(HIGH);
        ServerLoad load = new ServerLoad(database::connect, limits::get);
        assertThat(load.reason()).isEmpty();
        limits.set(LOW);
        assertThat(load.reason().orElseThrow()).startsWith("max-load: Threads_running=");
        limits.set(List.of(new Limit("Nothing_such", 1)));
        assertThat(load.reason()).contains("max-load: the server does not show Nothing_such");
        load.release();
        assertThatThrownBy(() -> ServerLoad.refuseUnknown(database::connect, "--max-load", limits.get()))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("Nothing_such");
    }

    @ServerTest
    void criticalLoadEndsAtFirstSightOrAtTheSecond(TestDatabase database) throws SQLException {
        CriticalLoad atOnce = new CriticalLoad(database::connect, () -> LOW, Duration.ZERO, Duration.ZERO);
        assertThatThrownBy(atOnce::reason)
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("critical load");
        AtomicLong clock = new AtomicLong();
        AtomicReference<List<Limit>> limits = new AtomicReference<>(LOW);
        CriticalLoad twice =
                new CriticalLoad(database::connect, limits::get, Duration.ofSeconds(3), Duration.ZERO, clock::get);
        assertThat(twice.reason().orElseThrow()).contains("second look follows in 3000 ms");
        limits.set(HIGH);
        clock.set(Duration.ofSeconds(3).toNanos());
        assertThat(twice.reason()).as("it was a passing one").isEmpty();
        limits.set(LOW);
        assertThat(twice.reason()).isPresent();
        clock.set(Duration.ofSeconds(5).toNanos());
        assertThat(twice.reason()).isPresent();
        clock.set(Duration.ofSeconds(6).toNanos());
        assertThatThrownBy(twice::reason).hasMessageContaining("critical load");
        atOnce.release();
        twice.release();
    }

    @ServerTest
    void criticalLoadHibernatesWhereAsked(TestDatabase database) throws SQLException {
        AtomicLong clock = new AtomicLong();
        AtomicReference<List<Limit>> limits = new AtomicReference<>(LOW);
        CriticalLoad load =
                new CriticalLoad(database::connect, limits::get, Duration.ZERO, Duration.ofSeconds(60), clock::get);
        assertThat(load.reason().orElseThrow()).contains("hibernating for 60 s");
        limits.set(HIGH);
        clock.set(Duration.ofSeconds(59).toNanos());
        assertThat(load.reason().orElseThrow()).contains("hibernating for another 1 s");
        clock.set(Duration.ofSeconds(60).toNanos());
        assertThat(load.reason()).isEmpty();
        load.release();
    }

    @ServerTest
    void aQueryHoldsBackWhileItGivesMoreThanZero(TestDatabase database) throws SQLException {
        AtomicReference<String> sql = new AtomicReference<>("");
        ThrottleQuery query = new ThrottleQuery(database::connect, sql::get);
        assertThat(query.reason()).isEmpty();
        sql.set("SELECT 0");
        assertThat(query.reason()).isEmpty();
        sql.set("SELECT 3");
        assertThat(query.reason()).contains("throttle-query gave 3");
        sql.set("SELECT NULL");
        assertThat(query.reason()).isPresent();
        sql.set("SELECT nothing_such");
        assertThatThrownBy(query::reason).isInstanceOf(SQLException.class);
        sql.set("SELECT 0");
        assertThat(query.reason()).isEmpty();
        query.release();
    }

    @ServerTest
    void aSessionThatWasKilledIsReplaced(TestDatabase database) throws SQLException {
        ThrottleQuery query = new ThrottleQuery(database::connect, () -> "SELECT CONNECTION_ID()");
        String id = query.reason().orElseThrow().replaceAll(".* ", "");
        database.execute("KILL " + id);
        assertThatThrownBy(query::reason).isInstanceOf(SQLException.class);
        assertThat(query.reason().orElseThrow()).doesNotEndWith(" " + id);
        query.release();
    }
}

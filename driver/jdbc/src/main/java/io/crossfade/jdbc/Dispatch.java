package io.crossfade.jdbc;

import io.crossfade.state.Announcement;
import java.sql.SQLException;
import java.util.List;

/**
 * The last steps of a session's statement before it is on its way, in their order: it waits at the gate, the lease is looked at,
 * which sides it names is counted, and its time begins.
 *
 * <p>One thread at a time, as the connection.
 */
final class Dispatch {
    private final ControlLink link;
    private final EpochPins pins;

    Dispatch(ControlLink link, EpochPins pins) {
        this.link = link;
        this.pins = pins;
    }

    <T> T send(Plan plan, Sending<T> sending) throws SQLException {
        passGate(plan.sql());
        requireLease(plan.rewriting().namesChanging());
        count(plan);
        StatementTimes.Running running = link.times().begin(plan.sql());
        try {
            return sending.send(plan);
        } catch (SQLException e) {
            doubtIfBroken(e);
            throw e;
        } finally {
            running.end();
        }
    }

    /** Waits, for a bounded time, while a table that the text may name is cut over. */
    void passGate(String sql) {
        List<Announcement> announced = link.current().announced();
        if (!announced.isEmpty()) {
            link.gate().pass(List.of(sql), announced, pins);
        }
    }

    /** As for one statement, for all of a batch. */
    void passGate(List<String> texts) {
        List<Announcement> announced = link.current().announced();
        if (!announced.isEmpty()) {
            link.gate().pass(texts, announced, pins);
        }
    }

    void requireLease(boolean namesChanging) throws SQLException {
        if (namesChanging) {
            link.requireLease();
        }
    }

    /** Takes note of which side the application names. */
    void count(Plan plan) {
        link.namings().saw(plan.rewriting().namings());
    }

    /** Begins to measure a batch that is about to be sent. */
    StatementTimes.Running measured(List<String> texts) {
        return link.times().begin(texts);
    }

    void doubtIfBroken(SQLException e) {
        if (CrossfadeError.isBroken(e)) {
            pins.doubt();
        }
    }
}

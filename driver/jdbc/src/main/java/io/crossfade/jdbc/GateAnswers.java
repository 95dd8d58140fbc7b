package io.crossfade.jdbc;

import io.crossfade.state.Announcement;
import io.crossfade.state.ControlStore;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the migrator that a gate's turn was seen, and that nothing under way may touch its tables any more. A client that cannot
 * write its answers holds statements all the same, and for no longer.
 *
 * <p>Confined to the holder of the link's lock.
 */
final class GateAnswers {
    private static final Logger LOG = LoggerFactory.getLogger(GateAnswers.class);

    /** SQLStates of what is not there, or not allowed to this user. */
    private static final String NOT_ALLOWED = "42";

    /** SQLStates of a deadlock: nothing was written. */
    private static final String AGAIN = "40";

    private final ClientIdentity identity;
    private final Acknowledger acknowledger;
    private final Gate gate;
    private final Map<String, Given> given = new HashMap<>();
    private boolean areWaited;
    private boolean hasWarned;

    /** What was said of a gate. */
    private record Given(long seen, long passed) {}

    GateAnswers(ClientIdentity identity, Acknowledger acknowledger, Gate gate) {
        this.identity = identity;
        this.acknowledger = acknowledger;
        this.gate = gate;
    }

    /** Whether a gate is closed, and something that may touch its tables has not ended yet. */
    boolean areWaited() {
        return areWaited && gate.isClosed();
    }

    /** Says what has not been said yet. */
    void give(ControlStore store, List<Announcement> announced) throws SQLException {
        areWaited = false;
        given.keySet()
                .retainAll(announced.stream().map(Announcement::gate).distinct().toList());
        for (Announcement one : announced) {
            Given before = given.getOrDefault(one.gate(), new Given(0, 0));
            if (one.phase() == Announcement.Phase.NEAR && before.seen != one.turn()) {
                answer(store, one, new Given(one.turn(), before.passed), null);
            } else if (gate.isClosed(one) && before.passed != one.turn()) {
                closed(store, one, before, holder(one.gate(), announced));
            }
        }
    }

    private void closed(ControlStore store, Announcement closed, Given before, @Nullable Session holder)
            throws SQLException {
        if (holder == null) {
            answer(store, closed, new Given(closed.turn(), closed.turn()), null);
            return;
        }
        areWaited = true;
        if (before.seen != closed.turn()) {
            answer(store, closed, new Given(closed.turn(), before.passed), holder.connectionId());
        }
    }

    /** Whoever may touch any table of a gate. */
    private @Nullable Session holder(String id, List<Announcement> announced) {
        for (Announcement one : announced) {
            Session holder = one.gate().equals(id) ? acknowledger.holder(one) : null;
            if (holder != null) {
                return holder;
            }
        }
        return null;
    }

    private void answer(ControlStore store, Announcement to, Given answer, @Nullable Long holder) throws SQLException {
        try {
            store.gates().answer(UUID.fromString(to.gate()), identity.id(), answer.seen, answer.passed, holder);
        } catch (SQLException e) {
            String state = String.valueOf(e.getSQLState());
            if (state.startsWith(AGAIN)) {
                areWaited = true;
                return;
            }
            if (!state.startsWith(NOT_ALLOWED)) {
                throw e;
            }
            if (!hasWarned) {
                hasWarned = true;
                LOG.warn(
                        "cannot answer the migrator's gate of {}: {}; its cut-over goes on without this client; grant INSERT,"
                                + " UPDATE and SELECT on crossfade_gate_client",
                        to.table(),
                        e.getMessage());
            }
        }
        given.put(to.gate(), answer);
    }
}

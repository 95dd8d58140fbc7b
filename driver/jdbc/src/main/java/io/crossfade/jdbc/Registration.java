package io.crossfade.jdbc;

import io.crossfade.state.Snapshot;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of a new session into the client's own, and into the control tables where a change is open.
 *
 * <p>Safe for many threads.
 */
final class Registration {
    private static final Logger LOG = LoggerFactory.getLogger(Registration.class);

    private final String address;
    private final Acknowledger acknowledger;
    private final ControlState state;
    private final ControlPoll poll;

    Registration(String address, Acknowledger acknowledger, ControlState state, ControlPoll poll) {
        this.address = address;
        this.acknowledger = acknowledger;
        this.state = state;
        this.poll = poll;
    }

    /**
     * Takes a session in, which is on the server already. While a change is open, it is in the control tables when this returns.
     * While none is as far as the link knows, the session itself has looked: a change that was opened before is known when this
     * returns, and whoever opens one later finds the session on the server.
     */
    void add(Session session) throws SQLException {
        // As in EpochPins: first be seen, then look. A poll that installs a change later finds the session here.
        acknowledger.add(session);
        try {
            Snapshot known = state.current();
            if (known.isQuiet()) {
                if (acknowledger.writesWhileQuiet(known)) {
                    acknowledger.writeDown(session);
                }
                if (hasMoved(session, known)) {
                    register();
                }
            } else {
                register();
            }
        } catch (SQLException e) {
            acknowledger.remove(session);
            throw e;
        }
    }

    /**
     * Whether the epoch is another one by now. Asked over the session's own connection, which is there: the link's may be lost, or
     * others wait for it, and an application for which no change is open must not fail over that. Nor over control tables that
     * it may not read any more: then it goes on with what it knows, as all its other sessions do.
     */
    private boolean hasMoved(Session session, Snapshot known) throws SQLException {
        try {
            return session.epoch() != known.epoch();
        } catch (SQLException e) {
            if (CrossfadeError.isBroken(e)) {
                throw e;
            }
            LOG.debug("session {} cannot read the control tables of {}", session.connectionId(), address, e);
            return false;
        }
    }

    private void register() throws SQLException {
        try {
            poll.refresh();
        } catch (SQLException e) {
            throw CrossfadeError.notRegistered(address, e);
        }
    }
}

package io.crossfade.migrator.run;

import io.crossfade.migrator.fence.ServerFencer;
import io.crossfade.migrator.mysql.Connections;
import io.crossfade.migrator.mysql.Server;
import io.crossfade.migrator.session.Silence;
import io.crossfade.migrator.session.Voice;
import io.crossfade.migrator.signal.Cancel;
import io.crossfade.migrator.signal.Listener;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.throttle.TableThrottles;
import io.crossfade.migrator.verify.Differences;
import io.crossfade.model.Change;
import io.crossfade.model.Side;
import io.crossfade.state.ChangeRow;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/**
 * Carries changes through their stages. Every method may be called again after it was stopped or killed, and goes on from
 * there.
 *
 * <p>One thread at a time; {@link Cancel} from any.
 */
public final class Migrator implements AutoCloseable {
    private static final String LOST =
            "stopped: the session that holds the run's lock on the change was lost, and another run may have begun;"
                    + " all that was done is saved; run the same command again";

    private final Session session;
    private final Voice voice;

    private Migrator(Session session, Voice voice) {
        this.session = session;
        this.voice = voice;
    }

    /**
     * Connects.
     *
     * @param source opens sessions whose current database is the migrated one
     * @param throttles on connections of their own
     * @param who the operator, as user@host and process, for the event rows
     */
    public static Migrator open(
            Connections.Source source,
            Settings settings,
            TableThrottles throttles,
            Cancel cancel,
            Listener listener,
            String who)
            throws SQLException {
        return open(source, settings, throttles, cancel, listener, who, Silence.IN_TRANSACTION_MAX);
    }

    /**
     * The same.
     *
     * @param silenceMax how long the server waits for the next word of the session that holds the lock on a change
     */
    static Migrator open(
            Connections.Source source,
            Settings settings,
            TableThrottles throttles,
            Cancel cancel,
            Listener listener,
            String who,
            Duration silenceMax)
            throws SQLException {
        Connections connections = new Connections(source);
        Connection control = connections.open();
        try {
            Server server = Server.of(control);
            Session session = new Session(
                    connections,
                    control,
                    server,
                    settings,
                    throttles,
                    new ServerFencer(control, settings.forcedClients(), listener),
                    Reshaping::new,
                    cancel,
                    listener,
                    who);
            return new Migrator(session, Voice.on(control, silenceMax, () -> cancel.request(LOST)));
        } catch (SQLException | RuntimeException e) {
            control.close();
            throw e;
        }
    }

    /**
     * Says what a change will do; changes nothing.
     *
     * @param showsValues whether examples hold column values, not only keys
     */
    public Plan plan(Change change, boolean showsValues) throws SQLException {
        checkDatabase(change);
        return new Planning(session).run(change, showsValues);
    }

    /** Expands, has both sides written, fills and verifies the new one; ends at stage shadow. */
    public ChangeRow start(Change change) throws SQLException {
        checkDatabase(change);
        return new Start(session).run(change);
    }

    /**
     * Gives new a share of the reads, from stage shadow on.
     *
     * @param percent 0 to 100
     * @param settles whether, at 100, to go on to stage rampdown, where new is the authority
     */
    public ChangeRow switchTo(String id, int percent, boolean settles) throws SQLException {
        return new Switch(session).run(id, percent, settles);
    }

    /** Compares every row. What writers without the driver left in the change log is mended first; nothing else is changed. */
    public Differences verify(String id) throws SQLException {
        ChangeRow row = new Stages(session).open(id);
        if (!row.state().stage().writesBoth()) {
            throw MigrationException.refused("cannot verify change " + id + "; at stage "
                    + row.state().stage().word() + " only one side is written; verify between dualwrite and rampdown");
        }
        new Following(session).catchUp(row);
        return new TableWork(session, row.state()).verify(Side.NEW, false);
    }

    /**
     * Follows the change log for writers without the driver, until complete.
     *
     * @param isOnce whether to end when all that was written before now is known
     */
    public ChangeRow follow(String id, boolean isOnce) throws SQLException {
        return new Follow(session).run(id, isOnce);
    }

    /**
     * From rampdown to complete: the old columns are written no longer.
     *
     * @param acceptsLossy whether a lossy mapping is accepted here, as {@code accept: lossy} in the change file does
     */
    public ChangeRow complete(String id, boolean acceptsLossy) throws SQLException {
        return new Advance(session).complete(id, acceptsLossy);
    }

    /** From complete to contract: the old columns are dropped. A change that replaces nothing is closed instead. */
    public ChangeRow contract(String id) throws SQLException {
        return new Advance(session).contract(id);
    }

    /** From any stage before contract back to off, and closes the change. */
    public ChangeRow rollback(String id) throws SQLException {
        return new Rollback(session).run(id);
    }

    /** Ends a change for its clients: after contract they no longer serve the old names. */
    public void end(String id) throws SQLException {
        new Advance(session).close(id);
    }

    private void checkDatabase(Change change) throws SQLException {
        String current = session.control().getCatalog();
        if (current == null || !current.equalsIgnoreCase(change.table().schema())) {
            throw MigrationException.refused("cannot make change " + change.id() + "; its table is in database \""
                    + change.table().schema() + "\", the URL names \"" + current
                    + "\"; name the table's database in the URL");
        }
    }

    @Override
    public void close() throws SQLException {
        voice.close();
        session.close();
    }
}

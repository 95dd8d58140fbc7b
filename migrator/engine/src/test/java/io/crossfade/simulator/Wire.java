package io.crossfade.simulator;

import io.crossfade.simulator.model.ModelException;
import io.crossfade.simulator.model.ModelServer;
import io.crossfade.simulator.model.ModelSession;
import io.crossfade.simulator.model.Result;
import java.sql.SQLException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A connection between a simulated process and the model server: everything that is sent over it may be held up, struck down on
 * the way or on the way back. Confined to the simulation.
 */
final class Wire {

    /** Which of a process's networks it goes over. */
    enum Kind {
        /** The driver's own connection to the control tables. */
        CONTROL,
        /** An application's connection. */
        DATA,
        /** The migrator's. */
        MIGRATOR
    }

    private final World world;
    private final SimulatedProcess process;
    private final Kind kind;
    private final ModelSession session;
    private boolean isBroken;
    private boolean isClosed;

    /** The connection of an application that this is; null for others. */
    SimulatedClient.@Nullable AppSession owner;

    /** The client whose control connection this is; null for others. */
    @Nullable
    SimulatedClient client;

    /** What is on its way on this wire: carried out late where the process dies meanwhile. */
    @Nullable
    Runnable underway;

    Wire(World world, SimulatedProcess process, Kind kind, String client) throws SQLException {
        this.world = world;
        this.process = process;
        this.kind = kind;
        world.transit().arrive(this, "connect");
        if (process.isCut(kind)) {
            throw broken("cannot connect");
        }
        this.session = world.server().open(client);
        world.opened(this);
    }

    SimulatedProcess process() {
        return process;
    }

    Kind kind() {
        return kind;
    }

    ModelSession session() {
        return session;
    }

    boolean isUsable() {
        return !isBroken && !isClosed && !session.isGone() && !session.isKilled();
    }

    Result execute(String sql, @Nullable Object[] parameters) throws SQLException {
        return send(sql, () -> world.transit().execute(this, sql, parameters));
    }

    /** A further row of a batch, within the same event. */
    Result more(String sql, @Nullable Object[] parameters) throws SQLException {
        try {
            return world.transit().execute(this, sql, parameters);
        } catch (ModelException e) {
            throw e.sqlException();
        }
    }

    void commit() throws SQLException {
        send("COMMIT", () -> {
            server().commit(session);
            return Result.NONE;
        });
    }

    void rollback() throws SQLException {
        send("ROLLBACK", () -> {
            server().rollback(session);
            return Result.NONE;
        });
    }

    void autoCommit(boolean on) throws SQLException {
        if (on != session.isAutoCommit()) {
            send(on ? "SET autocommit=1" : "SET autocommit=0", () -> {
                server().autoCommit(session, on);
                return Result.NONE;
            });
        }
    }

    void readCommitted() {
        server().readCommitted(session);
    }

    private Result send(String what, Supplier<Result> action) throws SQLException {
        if (isClosed) {
            throw new SQLException("the connection is closed", "08003");
        }
        if (process.isDead()) {
            throw new Died(); // What a dead process would clean up stays as it is.
        }
        underway = action::get;
        try {
            world.transit().arrive(this, what);
            check();
            Result result;
            try {
                result = action.get();
            } catch (ModelException e) {
                underway = null;
                world.transit().failed(this, what, e);
                world.transit().depart(this, what);
                check();
                throw e.sqlException();
            }
            underway = null;
            world.transit().carriedOut(this, what, result);
            world.transit().depart(this, what);
            check();
            return result;
        } finally {
            underway = process.isDead() ? underway : null;
        }
    }

    /** What the process finds out when it waits for the answer. */
    private void check() throws SQLException {
        if (isBroken || process.isCut(kind) || session.isGone() || session.isKilled()) {
            throw broken("communications link failure");
        }
    }

    private SQLException broken(String message) {
        isBroken = true;
        return new SQLException(message, "08S01");
    }

    /** The server hears of it only where the network is there. */
    void close() {
        if (!isClosed) {
            isClosed = true;
            if (!process.isDead() && !process.isCut(kind)) {
                server().reap(session);
            }
            world.closed(this);
        }
    }

    boolean isClosed() {
        return isClosed;
    }

    private ModelServer server() {
        return world.server();
    }
}

package io.crossfade.migrator.alter;

import io.crossfade.migrator.gate.ClientGate;
import io.crossfade.migrator.gate.Gate;
import io.crossfade.migrator.ghost.Rules;
import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.migrator.mysql.Connections;
import io.crossfade.migrator.mysql.Server;
import io.crossfade.migrator.session.Lane;
import io.crossfade.migrator.signal.Cancel;
import io.crossfade.migrator.signal.Listener;
import io.crossfade.migrator.throttle.Throttles;
import io.crossfade.model.TableName;
import java.util.List;

/**
 * What all parts of one run share. Immutable, and its parts safe for many threads.
 *
 * @param operator the operator's wish to stop
 * @param stop the run's own end, for its threads
 * @param id of this run, for the checkpoints
 */
record Site(
        AlterRequest request,
        Connections connections,
        Sessions sessions,
        Server server,
        Controls controls,
        Throttles throttles,
        Cancel operator,
        Cancel stop,
        Listener listener,
        String id) {

    /** Some seconds, with the pauses between attempts: then a transaction that is in the way will not end soon. */
    private static final int GATE_REFUSALS_MAX = 6;

    Lane lane(String purpose, Lane.Source source) {
        return new Lane(purpose, source, stop, operator);
    }

    /** The same for one table of the request, in a run of its own. */
    Site of(TableAlter table) {
        return new Site(
                new AlterRequest(List.of(table), request.rules(), request.bounds(), request.switches()),
                connections,
                sessions,
                server,
                controls,
                throttles,
                operator,
                new Cancel(),
                listener,
                id);
    }

    /** The same, told by another listener. */
    Site telling(Listener other) {
        return new Site(request, connections, sessions, server, controls, throttles, operator, stop, other, id);
    }

    /** Keeps clients away from these tables while they are cut over. */
    Gate gate(List<TableName> tables) {
        return gate(tables, GATE_REFUSALS_MAX);
    }

    /**
     * The same with another patience.
     *
     * @param refusalsMax as in {@link ClientGate#of}
     */
    Gate gate(List<TableName> tables, int refusalsMax) {
        if (request.rules().trial() != Rules.Trial.NONE) {
            return Gate.NONE; // On a replica, whose control tables are its source's.
        }
        return ClientGate.of(connections::open, tables, request.bounds().gateMax(), refusalsMax, operator, listener);
    }

    /** Ends the run where the operator wants it to, and where the load is critical. */
    void check() {
        operator.check();
        throttles.check();
    }
}

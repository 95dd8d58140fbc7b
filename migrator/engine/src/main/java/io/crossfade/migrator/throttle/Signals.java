package io.crossfade.migrator.throttle;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Everything that a table change holds back for, made from live settings. Immutable.
 *
 * @param server where load and query are asked
 * @param replicas how the control replicas are reached
 * @param lagMillis the change log's lag; negative where it is not known
 * @param commitMicros how long the run's own commits take
 * @param criticalSecondLook see {@link CriticalLoad}
 * @param hibernation see {@link CriticalLoad}
 * @param httpEvery how often the HTTP address is asked
 * @param httpTimeout how long it may take
 * @param ignoresHttpErrors whether no answer is no reason
 */
public record Signals(
        ReplicaLag.Connections server,
        ControlReplicas.Opener replicas,
        LongSupplier lagMillis,
        LongSupplier commitMicros,
        Duration criticalSecondLook,
        Duration hibernation,
        Duration httpEvery,
        Duration httpTimeout,
        boolean ignoresHttpErrors) {

    /** Refuses settings that this server cannot answer. */
    public void refuseUnreadable(ThrottleSettings settings) throws SQLException {
        ServerLoad.refuseUnknown(server, "--max-load", settings.maxLoad());
        ServerLoad.refuseUnknown(server, "--critical-load", settings.criticalLoad());
    }

    /** All of them, the operator's own word first. */
    public List<Throttle> throttles(ThrottleSettings settings) {
        return List.of(
                new ByHand(settings::isThrottledByHand),
                new FlagFile(settings::flagFile),
                new FlagFile(settings::additionalFlagFile),
                new CriticalLoad(server, settings::criticalLoad, criticalSecondLook, hibernation),
                new ServerLoad(server, settings::maxLoad),
                new ControlReplicas(settings::controlReplicas, replicas, settings::maxLagMillis),
                OwnMeasure.heartbeat(lagMillis, settings::maxLagMillis),
                OwnMeasure.commit(commitMicros, settings::commitMicrosMax),
                new ThrottleQuery(server, settings::query),
                new ThrottleHttp(settings::http, httpEvery, httpTimeout, ignoresHttpErrors));
    }
}

package io.crossfade.cli.operate;

import io.crossfade.migrator.alter.Controls;
import io.crossfade.migrator.alter.Status;
import io.crossfade.migrator.throttle.ThrottleSettings;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * A table change at work, as the operator sees and steers it. Safe for many threads.
 *
 * @param database of the table
 * @param table the table; of several the first
 * @param applier the server that is written, {@code host:port}
 * @param inspector the server that was named, {@code host:port}
 * @param status how it stands now
 * @param replicaLagMillis the greatest lag of the control replicas
 * @param isReverting whether it is on the way back
 * @param hints what is set, a line each, beginning with {@code #}
 */
public record OperatedRun(
        String database,
        String table,
        String applier,
        String inspector,
        Supplier<Status> status,
        LongSupplier replicaLagMillis,
        Controls controls,
        ThrottleSettings throttles,
        boolean isReverting,
        Supplier<String> hints) {}

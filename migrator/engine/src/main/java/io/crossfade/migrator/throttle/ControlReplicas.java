package io.crossfade.migrator.throttle;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Holds back while one of some replicas is behind; which ones they are may change. One thread at a time, but for {@link #millis}. */
public final class ControlReplicas implements Throttle {
    private final Supplier<List<String>> names;
    private final Opener opener;
    private final LongSupplier maxMillis;
    private final Map<String, ReplicaLag> replicas = new LinkedHashMap<>();
    private volatile long millis;

    /** Opens a connection to a replica by its name. */
    @FunctionalInterface
    public interface Opener {
        Connection open(String hostAndPort) throws SQLException;
    }

    /** @param names each as {@code host:port} */
    public ControlReplicas(Supplier<List<String>> names, Opener opener, LongSupplier maxMillis) {
        this.names = names;
        this.opener = opener;
        this.maxMillis = maxMillis;
    }

    @Override
    public Optional<String> reason() {
        List<String> wanted = names.get();
        for (String gone : new ArrayList<>(replicas.keySet())) {
            if (!new HashSet<>(wanted).contains(gone)) {
                Optional.ofNullable(replicas.remove(gone)).ifPresent(ReplicaLag::release);
            }
        }
        long greatest = 0;
        for (String name : wanted) {
            ReplicaLag replica =
                    replicas.computeIfAbsent(name, n -> new ReplicaLag(n, () -> opener.open(n), maxMillis));
            Optional<String> reason = replica.reason();
            greatest = Math.max(greatest, replica.millis());
            if (reason.isPresent()) {
                millis = greatest;
                return reason;
            }
        }
        millis = greatest;
        return Optional.empty();
    }

    /** The greatest lag as last seen; 0 where there is none to see. For any thread. */
    public long millis() {
        return millis;
    }

    @Override
    public String name() {
        return "throttle-control-replicas";
    }

    @Override
    public void release() {
        replicas.values().forEach(ReplicaLag::release);
    }
}

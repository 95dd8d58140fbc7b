package io.crossfade.migrator.throttle;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Holds back while the server is loaded. One thread at a time. */
public final class ServerLoad implements Throttle {
    private final StatusVariables variables;
    private final Supplier<List<Limit>> limits;

    /** @param limits above one of these the run holds back */
    public ServerLoad(ReplicaLag.Connections server, Supplier<List<Limit>> limits) {
        this.variables = new StatusVariables(server);
        this.limits = limits;
    }

    /** Refuses limits on variables that the server does not have. */
    public static void refuseUnknown(ReplicaLag.Connections server, String option, List<Limit> limits)
            throws SQLException {
        StatusVariables variables = new StatusVariables(server);
        try {
            variables.refuseUnknown(option, limits);
        } finally {
            variables.release();
        }
    }

    @Override
    public Optional<String> reason() throws SQLException {
        return variables.broken(limits.get()).map(r -> "max-load: " + r);
    }

    @Override
    public String name() {
        return "max-load";
    }

    @Override
    public void release() {
        variables.release();
    }
}

package io.crossfade.simulator;

import io.crossfade.model.Stage;

/**
 * Puts a {@link Mutation} into the protocol: on the way to the server, so that the code under test stays as it is. Confined to the
 * simulation.
 */
final class Faults {
    /** How the epoch is asked for. */
    private static final String LOOK = "SELECT epoch FROM crossfade_control WHERE id = 1";

    private final World world;
    private final Mutation mutation;

    Faults(World world, Mutation mutation) {
        this.world = world;
        this.mutation = mutation;
    }

    /** What of a statement reaches the server. */
    String onTheWay(Wire wire, String sql) {
        if (mutation == Mutation.NO_SECOND_LOOK && wire.owner != null && sql.equals(LOOK)) {
            return "SELECT " + wire.owner.knownEpoch() + " AS epoch";
        }
        if (mutation == Mutation.NO_SESSION_ROWS && sql.startsWith("SELECT @@performance_schema ")) {
            return "SELECT 1 AS shown";
        }
        if (wire.kind() != Wire.Kind.MIGRATOR) {
            return sql;
        }
        return switch (mutation) {
            case NO_SESSION_KILL -> sql.startsWith("KILL ") ? "KILL CONNECTION 0" : sql; // There is none of this id.
            case ONLY_NULLS -> repairing(sql, Stage.DUALWRITE, "`order_status` IS NULL AND `status` IS NOT NULL");
            case NO_REFILL -> repairing(sql, Stage.RAMPDOWN, "FALSE");
            default -> sql;
        };
    }

    /** {@code … AND NOT (the sides agree)}, which is how the migrator finds the rows to mend, becomes another condition. */
    private String repairing(String sql, Stage at, String condition) {
        int from = sql.indexOf(" AND NOT (");
        if (from < 0 || !sql.contains("`orders`") || Invariants.stage(world.server()) != at) {
            return sql;
        }
        int to = sql.lastIndexOf(')') + 1;
        return sql.substring(0, from) + " AND " + condition + sql.substring(to);
    }

    /** Goes on within the statement's transaction. */
    void afterwards(Wire wire, String sql) {
        if (mutation == Mutation.NO_TRANSACTION_FENCE && sql.startsWith("INSERT INTO crossfade_client ")) {
            world.server().within(wire.session(), "UPDATE crossfade_client SET epoch_acknowledged = epoch_seen");
        }
        if (mutation == Mutation.SKIPPED_STAGE && sql.startsWith("UPDATE crossfade_change SET stage = ")) {
            world.server()
                    .within(
                            wire.session(),
                            "UPDATE crossfade_change SET stage = 'shadow' WHERE stage = 'dualwrite' AND direction = 'forward'");
        }
    }
}

package io.crossfade.migrator.alter;

import io.crossfade.migrator.ghost.Rules;
import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.migrator.lint.Finding;
import io.crossfade.migrator.mysql.Probes;
import io.crossfade.migrator.mysql.TableFacts;
import io.crossfade.migrator.route.DirectAlter;
import io.crossfade.migrator.route.Route;
import io.crossfade.migrator.session.SqlFailure;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.signal.Progress;
import io.crossfade.model.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The look before the way: a change that is not under way yet is planned and linted, and where the server can make it at once,
 * or in place by a change of its own books, it does. One thread at a time.
 */
final class Directly {

    /** With the pauses between attempts some two and a half minutes; then the lock alone has to do. */
    private static final int GATE_REFUSALS_MAX = 20;

    /**
     * On an empty clone the statement went: no such table, column, key or column of a key; a column, key or primary key that is there
     * already.
     */
    private static final Set<Integer> OTHER_SHAPE = Set.of(1054, 1060, 1061, 1068, 1072, 1091, 1146);

    private final Site site;
    private final Connection control;
    private final Claims claims;
    private Rules.Route taken = Rules.Route.GHOST;

    /**
     * @param claims on its tables
     */
    Directly(Site site, Connection control, Claims claims) {
        this.site = site;
        this.control = control;
        this.claims = claims;
    }

    /**
     * Plans the tables that no earlier run began.
     *
     * @return whether nothing is left to do
     */
    boolean run() throws SQLException {
        List<TableAlter> tables = site.request().tables();
        List<AlterPlan> plans = new ArrayList<>();
        for (TableAlter alter : tables) {
            Probes.sweep(control, site.server().dialect(), alter.table().schema());
        }
        for (TableAlter alter : tables) {
            if (Earlier.look(control, site, alter).meaning() == Earlier.Meaning.BEGIN) {
                AlterPlan plan = AlterPlanning.plan(
                        control,
                        alter,
                        site.request().plannedBy().estimated(),
                        site.request().switches(),
                        site::check);
                tell(plan);
                plans.add(plan);
            }
        }
        // Several tables change together or not at all, which only renames can do; so does a trial there and back.
        if (ReplicaTrial.isAsked(site)
                || tables.size() != 1
                || plans.size() != 1
                || plans.get(0).route().kind() == Rules.Route.GHOST) {
            return false;
        }
        claims.check();
        taken = plans.get(0).route().kind();
        boolean isDone = alter(tables.get(0).table(), plans.get(0).route());
        taken = isDone ? taken : Rules.Route.GHOST;
        return isDone;
    }

    private boolean alter(TableName table, Route route) throws SQLException {
        try {
            return DirectAlter.run(
                    control,
                    route,
                    () -> site.gate(List.of(table), GATE_REFUSALS_MAX),
                    site.operator(),
                    site.listener());
        } catch (SQLException e) {
            if (!OTHER_SHAPE.contains(e.getErrorCode())) {
                throw e;
            }
            boolean isThere = TableFacts.of(control, table).isPresent();
            throw MigrationException.stopped("stopped: change of " + table + "; somebody else has "
                    + (isThere ? "changed" : "dropped or renamed") + " it since it was looked at: "
                    + SqlFailure.shown(e)
                    + "; nothing was done; see whether the change is still needed, and run the same command"
                    + " again, which plans it anew");
        }
    }

    /** Which way the change went, or goes. */
    Rules.Route taken() {
        return taken;
    }

    private void tell(AlterPlan plan) {
        site.listener()
                .on(new Progress.Note(plan.table() + ": " + plan.route().kind() + ": "
                        + plan.route().reason()));
        for (Finding finding : plan.findings()) {
            if (!finding.isRefusal()) {
                site.listener().on(new Progress.Warning(finding.toString()));
            }
        }
        if (plan.isRefused()) {
            throw MigrationException.refused("cannot alter table \"" + plan.table() + "\"; "
                    + plan.findings().stream()
                            .filter(Finding::isRefusal)
                            .map(Finding::toString)
                            .collect(Collectors.joining("; ")));
        }
    }
}

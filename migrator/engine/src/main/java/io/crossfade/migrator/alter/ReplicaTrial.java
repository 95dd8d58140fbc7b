package io.crossfade.migrator.alter;

import io.crossfade.dialect.MySqlDialect;
import io.crossfade.migrator.checkpoint.AlterCheckpoint;
import io.crossfade.migrator.checkpoint.CheckpointTable;
import io.crossfade.migrator.cutover.Outcome;
import io.crossfade.migrator.ghost.Rules;
import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.migrator.mysql.GhostNames;
import io.crossfade.migrator.mysql.Replication;
import io.crossfade.migrator.mysql.Server;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.signal.Milestone;
import io.crossfade.migrator.signal.Progress;
import io.crossfade.model.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A change that is only tried, on a replica: the replication is stopped, the tables are exchanged and exchanged back, and the
 * ghost stays beside the table, so that the two can be compared. One thread at a time.
 */
final class ReplicaTrial {

    /** An applier ends with the transaction that it is at. */
    private static final Duration STOPPED_MAX = Duration.ofSeconds(60);

    private static final Duration LOOK = Duration.ofMillis(100);

    private final Site site;
    private final Connection control;
    private final Replication replication;

    ReplicaTrial(Site site, Connection control) {
        this.site = site;
        this.control = control;
        this.replication = new Replication(control, site.server());
    }

    /** Whether one is asked for. */
    static boolean isAsked(Site site) {
        return site.request().rules().trial() != Rules.Trial.NONE;
    }

    /** Ends the run where the server is nobody's replica: here it would be the application that is stopped. */
    void requireReplica() throws SQLException {
        if (!replication.isThere()) {
            throw MigrationException.refused("cannot --test-on-replica: the server does not replicate from another one;"
                    + " name a replica by --host");
        }
    }

    /** Says what a server that applications write too would lose. */
    void warnOfWriters() throws SQLException {
        if (!"ON".equalsIgnoreCase(Server.variable(control, "read_only"))) {
            site.listener()
                    .on(new Progress.Warning(
                            "this replica is not read_only; what anybody but its replication writes to the"
                                    + " table between the exchange and the exchange back is in the ghost alone"));
        }
    }

    /** Stops the replication, or, where somebody else does, waits until it stands. */
    void stopReplication() throws SQLException {
        site.listener().on(new Progress.Reached(Milestone.STOPPING_REPLICATION));
        if (site.request().rules().trial() == Rules.Trial.STOPS_REPLICATION) {
            replication.stop();
        }
        long untilNanos = System.nanoTime() + STOPPED_MAX.toNanos();
        while (replication.isApplying()) {
            if (System.nanoTime() > untilNanos) {
                throw MigrationException.stopped("stopped: trial on the replica; what comes from its source is still"
                        + " written here after " + STOPPED_MAX.toSeconds()
                        + " s, and would be lost by an exchange there and back; stop the replication, by the hook"
                        + " gh-ost-on-stop-replication for one, and run the same command again");
            }
            site.operator().pause(LOOK);
        }
        site.listener().on(new Progress.Note("the replication stands"));
    }

    /** After the exchange, while the replication stands: the tables take their own names again, all at once. */
    void undo(List<GhostNames> tables) throws SQLException {
        MySqlDialect dialect = site.server().dialect();
        List<String> renames = new ArrayList<>();
        for (GhostNames names : tables) {
            renames.add(rename(dialect, names.table(), names.ghost()));
            renames.add(rename(dialect, names.old(), names.table()));
        }
        try (Statement s = control.createStatement()) {
            s.execute("RENAME TABLE " + String.join(", ", renames));
        } catch (SQLException e) {
            throw MigrationException.stopped("stopped: trial on the replica; the tables are exchanged and could not be"
                    + " exchanged back (error " + e.getErrorCode() + "); the replication stands; run the same command"
                    + " again, which goes back with all that was written since");
        }
        told(tables);
    }

    /** Whether an earlier run, or this one, left the tables exchanged, as its checkpoint says. */
    boolean isExchanged() throws SQLException {
        for (TableAlter alter : site.request().tables()) {
            Optional<AlterCheckpoint> before = checkpoint(alter);
            if (before.isPresent()
                    && before.get().work().flags().contains(Rules.TEST_ON_REPLICA)
                    && before.get().step().keepsWayBack()) {
                return true;
            }
        }
        return false;
    }

    /** After the way back. */
    void undone() throws SQLException {
        List<GhostNames> tables = new ArrayList<>();
        for (TableAlter alter : site.request().tables()) {
            GhostNames names = names(alter);
            forget(names);
            tables.add(names);
        }
        told(tables);
    }

    /** A trial that failed before its exchange lets the replication go on, where it had stopped it. */
    void letGoOn(List<GhostNames> tables, Preparation preparation) {
        boolean isAsBefore = tables.stream().allMatch(names -> preparation.outcome(names) == Outcome.NOT_DONE);
        if (site.request().rules().trial() != Rules.Trial.STOPS_REPLICATION || !isAsBefore) {
            site.listener()
                    .on(new Progress.Warning("the replication of this server stands; "
                            + (isAsBefore ? "" : "run the same command again before you ") + "start it with "
                            + replication.start()));
            return;
        }
        try (Connection fresh = site.sessions().open()) {
            new Replication(fresh, site.server()).go();
            site.listener().on(new Progress.Note("the replication goes on"));
            site.listener().on(new Progress.Reached(Milestone.STARTING_REPLICATION));
        } catch (SQLException e) {
            site.listener()
                    .on(new Progress.Warning("the replication of this server stands (error " + e.getErrorCode()
                            + " when it was to go on); start it with " + replication.start()));
        }
    }

    private Optional<AlterCheckpoint> checkpoint(TableAlter alter) throws SQLException {
        return new CheckpointTable(site.server().dialect(), names(alter).checkpoint()).read(control);
    }

    private GhostNames names(TableAlter alter) {
        return GhostNames.of(alter, site.request().rules(), Instant.now());
    }

    private void told(List<GhostNames> tables) {
        String ghosts = tables.stream().map(n -> n.ghost().toString()).collect(Collectors.joining(", "));
        site.listener()
                .on(new Progress.Note("tried on the replica: the tables were exchanged and exchanged back; compare "
                        + ghosts + " with the table, drop it, and let the replication go on with "
                        + replication.start()));
    }

    /** There is nothing to go on with, or back from. */
    void forget(GhostNames names) throws SQLException {
        new CheckpointTable(site.server().dialect(), names.checkpoint()).drop(control);
    }

    private static String rename(MySqlDialect dialect, TableName from, TableName to) {
        return quoted(dialect, from) + " TO " + quoted(dialect, to);
    }

    private static String quoted(MySqlDialect dialect, TableName name) {
        return dialect.quote(name.schema()) + "." + dialect.quote(name.table());
    }
}

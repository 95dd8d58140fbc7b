package io.crossfade.migrator.cutover;

import io.crossfade.migrator.mysql.LockHolders;
import io.crossfade.migrator.mysql.Server;
import io.crossfade.model.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Sessions that have held a table's metadata lock for over a second (two by the server's whole seconds). Whoever asks for LOCK TABLES behind one of them makes
 * every later statement of the application wait too, so nobody asks while there is one.
 *
 * <p>Where the server does not tell, the attempt itself finds out, within the time that writers may be held.
 */
final class Blockers {

    /** A rollback undoes about this many rows in some seconds, and holds the lock the whole time. Judged, not measured. */
    private static final long ROLLBACK_ROWS_MAX = 1_000_000;

    /** By the server's whole seconds over one. */
    private static final int SECONDS_MIN = 2;

    private final List<LockHolders.Holder> found;

    private Blockers(List<LockHolders.Holder> found) {
        this.found = List.copyOf(found);
    }

    /** Looks. None where the server does not tell. */
    static Blockers of(Connection connection, Server server, List<TableName> tables) {
        return new Blockers(LockHolders.of(connection, server, tables, SECONDS_MIN));
    }

    /** By rule: it holds the lock through plain statements, and its rollback is short. */
    private static boolean isKillable(LockHolders.Holder holder) {
        return holder.isPlain() && holder.rows() <= ROLLBACK_ROWS_MAX;
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    /** Ends those that may be ended; tells what was done, for the operator. */
    String kill(Connection connection) {
        List<String> done = new ArrayList<>();
        for (LockHolders.Holder blocker : found) {
            boolean isLockedTable = found.stream().anyMatch(other -> other.id() == blocker.id() && !isKillable(other));
            if (isLockedTable) {
                done.add("left " + blocker.shown() + ", which holds LOCK TABLES, runs DDL or has over "
                        + ROLLBACK_ROWS_MAX + " rows to roll back");
                continue;
            }
            try (Statement s = connection.createStatement()) {
                s.execute("KILL " + blocker.id());
                done.add("ended " + blocker.shown());
            } catch (SQLException e) {
                done.add("could not end " + blocker.shown() + ": " + e.getMessage());
            }
        }
        return String.join("; ", done);
    }

    /** {@code connection 12 (app@10.0.0.7:4711, 33 s), …}. */
    String shown() {
        return String.join(
                ", ", found.stream().map(LockHolders.Holder::shown).distinct().toList());
    }
}

package io.crossfade.migrator.alter;

import io.crossfade.migrator.ghost.Rules;
import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.migrator.mysql.Connections;
import io.crossfade.migrator.mysql.GhostNames;
import io.crossfade.migrator.mysql.TableFacts;
import io.crossfade.migrator.session.SqlFailure;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.model.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Tells the operator what an error of the server means for a run: what, where, what to do. Immutable. */
final class Ending {

    private static final Set<Integer> NOT_ALLOWED = Set.of(1044, 1045, 1142, 1143, 1227, 1370);

    private static final int NO_SUCH_DATABASE = 1049;

    /** The table, its file, the disk, the temporary disk, or what the storage engine was given, is full. */
    private static final Set<Integer> FULL = Set.of(3, 1021, 1026, 1114, 1297);

    private static final Set<Integer> READ_ONLY = Set.of(1290, 1792, 1836);

    /** No such table, column, or number of columns. */
    private static final Set<Integer> OTHER_SHAPE = Set.of(1051, 1054, 1136, 1146, 1176, 1932);

    private static final String GO_ON = "everything up to the last checkpoint is kept, and the table is as it was; ";

    private final AlterRequest request;
    private final Connections connections;
    private final boolean isBack;

    private Ending(AlterRequest request, Connections connections, boolean isBack) {
        this.request = request;
        this.connections = connections;
        this.isBack = isBack;
    }

    static Ending ofChange(AlterRequest request, Connections connections) {
        return new Ending(request, connections, false);
    }

    static Ending ofRevert(AlterRequest request, Connections connections) {
        return new Ending(request, connections, true);
    }

    MigrationException of(SQLException e) {
        String what = (isBack ? "revert of " : "change of ")
                + request.tables().stream().map(t -> t.table().toString()).collect(Collectors.joining(", "));
        int code = e.getErrorCode();
        String seen = "error " + code + ", state " + e.getSQLState();
        if (SqlFailure.isLostConnection(e)) {
            return MigrationException.stopped("stopped: " + what + "; the connection to the server was lost (" + seen
                    + "); " + GO_ON + "run the same command again when the server answers");
        }
        if (SqlFailure.isTooLarge(e)) {
            return MigrationException.stopped("stopped: " + what + "; a row is larger, as a statement, than"
                    + " max_allowed_packet of the server or the driver allows (" + seen + "); " + GO_ON
                    + "raise it to more than twice the bytes of the widest row, and run the same command again");
        }
        if (NOT_ALLOWED.contains(code)) {
            return MigrationException.refused("cannot go on with the " + what + "; the server does not let this user: "
                    + e.getMessage()
                    + "; grant what it needs (ALTER, CREATE, DELETE, DROP, INDEX, INSERT, LOCK TABLES,"
                    + " SELECT, TRIGGER, UPDATE on the database; REPLICATION SLAVE and REPLICATION CLIENT on *.*) and run the"
                    + " same command again");
        }
        if (code == NO_SUCH_DATABASE) {
            return MigrationException.refused("cannot make the " + what + "; the server says: " + e.getMessage()
                    + "; name a database that is there");
        }
        if (FULL.contains(code) || String.valueOf(e.getMessage()).contains("error: 28 ")) {
            return MigrationException.stopped("stopped: " + what + "; the server has no room left (" + seen + "); "
                    + GO_ON + "make room, and run the same command again");
        }
        if (READ_ONLY.contains(code)) {
            return MigrationException.stopped("stopped: " + what + "; the server takes no writes: " + e.getMessage()
                    + "; " + GO_ON + "run the same command again on the server that does");
        }
        if (SqlFailure.isLock(e)) {
            return MigrationException.stopped("stopped: " + what + "; somebody held a lock for too long (" + seen
                    + "); " + GO_ON + "run the same command again");
        }
        if (OTHER_SHAPE.contains(code)) {
            return otherShape(what, e);
        }
        return MigrationException.failed(
                "failed: " + what + "; the server says " + seen + ": " + SqlFailure.shown(e) + "; " + GO_ON
                        + "run the same command again, and look into the server's log where it ends alike",
                e);
    }

    private MigrationException otherShape(String what, SQLException e) {
        if (isBack) {
            return MigrationException.stopped("stopped: " + what + "; somebody else has changed, renamed or dropped the"
                    + " table or its old one: " + e.getMessage()
                    + "; nothing was done about it; --status tells whether the way back is still open");
        }
        return MigrationException.stopped("stopped: " + what + "; "
                + gone().map(name -> "there is no table " + name + " any more: somebody else has dropped or renamed it")
                        .orElseGet(() -> "somebody else has changed " + ghosts() + " or the table: " + e.getMessage())
                + "; nothing was done about it; begin anew with --initially-drop-ghost-table");
    }

    private String ghosts() {
        return names().stream().map(n -> n.ghost().toString()).collect(Collectors.joining(", "));
    }

    private Optional<String> gone() {
        try (Connection connection = connections.open()) {
            for (GhostNames names : names()) {
                for (TableName name : List.of(names.table(), names.ghost())) {
                    if (TableFacts.of(connection, name).isEmpty()) {
                        return Optional.of(name.toString());
                    }
                }
            }
            return Optional.empty();
        } catch (SQLException e) {
            return Optional.empty();
        }
    }

    private List<GhostNames> names() {
        Rules rules = request.rules();
        Instant now = Instant.now();
        return request.tables().stream()
                .map((TableAlter alter) -> GhostNames.of(alter, rules, now))
                .toList();
    }
}

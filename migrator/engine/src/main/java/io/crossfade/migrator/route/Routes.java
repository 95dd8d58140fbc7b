package io.crossfade.migrator.route;

import io.crossfade.migrator.ghost.Rules;
import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.migrator.mysql.AlterText;
import io.crossfade.migrator.mysql.Clause;
import io.crossfade.migrator.mysql.Server;
import io.crossfade.migrator.mysql.SourceTable;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.model.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the cheapest safe way: INSTANT, then in place where nothing but metadata changes, then a ghost. The server is asked on an
 * empty clone of the table. What a clone does not show, such as how often the table was changed at once before, shows when the
 * statement is carried out: it names its algorithm, so that the server does that or nothing.
 *
 * <p>Confined to one call.
 */
public final class Routes {

    /** Rows can be damaged by columns that this version added or dropped at once; its makers withdrew it. */
    private static final int INSTANT_DAMAGES = 80029;

    private final Connection connection;
    private final Server server;
    private final TableAlter alter;
    private final Rules rules;
    private final AlterText text;
    private final TableName source;
    private final String sql;

    private Routes(Connection connection, Server server, TableAlter alter, Rules rules, TableName source)
            throws SQLException {
        this.connection = connection;
        this.server = server;
        this.alter = alter;
        this.rules = rules;
        this.text = AlterText.read(connection, server, alter);
        this.source = source;
        this.sql = "ALTER TABLE " + server.dialect().quote(source.schema()) + "."
                + server.dialect().quote(source.table()) + " " + text.sql();
    }

    /** Finds it; refused where the rules name a way that the server does not go. */
    public static Route find(Connection connection, TableAlter alter, Rules rules) throws SQLException {
        Server server = Server.of(connection);
        TableName source = SourceTable.read(connection, alter.table()).table().name();
        return new Routes(connection, server, alter, rules, source).find();
    }

    private Route find() throws SQLException {
        if (rules.route() == Rules.Route.GHOST) {
            return Route.ghost("asked for", text.sql());
        }
        if (rules.skipsRenamedColumns()
                && !rules.approvesRenamedColumns()
                && !text.renames().isEmpty()) {
            return notDirect("the values of renamed columns are to be given up, which the server itself would keep");
        }
        Optional<String> late = rowVersionsUsedUp();
        String instant = late.orElseGet(this::untrusted);
        if (instant.isEmpty() && server.addsInstantly()) {
            Clone.Answer answer = tried(", ALGORITHM=INSTANT");
            if (answer.isTaken() && rules.route() != Rules.Route.INPLACE) {
                return Route.instant(
                        "the server changes the table's description only; there is no way back to a kept old table",
                        sql + ", ALGORITHM=INSTANT");
            }
            instant = why(answer);
        } else if (instant.isEmpty()) {
            instant = "this server has no ALGORITHM=INSTANT";
        }
        if (rules.route() == Rules.Route.INSTANT) {
            throw refused("INSTANT", instant);
        }
        return inPlace(instant);
    }

    private Route inPlace(String instant) throws SQLException {
        if (text.has(Clause.AddForeignKey.class)) {
            return notDirect("a foreign key is checked against every row while the table is locked");
        }
        String how = ", ALGORITHM=INPLACE, LOCK=NONE";
        try (Clone clone = Clone.of(connection, server, source)) {
            Optional<Map<Long, Set<Long>>> before = clone.trees();
            Clone.Answer answer = clone.alter(text, how);
            if (!answer.isTaken()) {
                return notDirect("not INSTANT: " + instant + "; not in place: " + why(answer));
            }
            Optional<Map<Long, Set<Long>>> after = clone.trees();
            boolean isSeen = before.isPresent() && after.isPresent();
            if (isSeen && Clone.isSame(before.get(), after.get())) {
                return Route.inPlace("no row is touched: the table and its indexes stay as they are", sql + how);
            }
            if (rules.route() == Rules.Route.INPLACE) {
                return Route.inPlace(
                        "asked for; the server reads every row, and a replica does so again, which makes it lag",
                        sql + how);
            }
            return notDirect(
                    isSeen
                            ? "in place the server would build the table or an index from every row, and each replica"
                                    + " would lag while it does the same"
                            : "whether the server would touch the rows in place is not to be seen: grant PROCESS");
        }
    }

    private Route notDirect(String reason) {
        if (rules.route() == Rules.Route.INSTANT || rules.route() == Rules.Route.INPLACE) {
            throw refused(rules.route().name(), reason);
        }
        return Route.ghost(reason, text.sql());
    }

    /** {@code ALGORITHM=INSTANT is not supported. Reason: Cannot do it. Try ALGORITHM=COPY.}: what stands between is worth reading. */
    private static String why(Clone.Answer answer) {
        String reason = answer.serverSays()
                .replaceFirst("^(ALGORITHM|LOCK)=\\w+ is not supported( for this operation)?\\. *", "")
                .replaceFirst("^Reason: ", "")
                .replaceFirst(" *\\bTry (ALGORITHM|LOCK)=[A-Z/=]+\\.?$", "")
                .replaceFirst("\\.$", "");
        return reason.isEmpty() ? "the server does not support it" : reason;
    }

    private Clone.Answer tried(String how) throws SQLException {
        try (Clone clone = Clone.of(connection, server, source)) {
            return clone.alter(text, how);
        }
    }

    private String untrusted() {
        boolean addsOrDrops = text.has(Clause.AddColumn.class) || text.has(Clause.DropColumn.class);
        return !server.isMariaDb()
                        && server.dialect().version() == INSTANT_DAMAGES
                        && addsOrDrops
                        && rules.route() != Rules.Route.INSTANT
                ? "MySQL 8.0.29 can damage rows so"
                : "";
    }

    private Optional<String> rowVersionsUsedUp() throws SQLException {
        boolean addsOrDrops = text.has(Clause.AddColumn.class) || text.has(Clause.DropColumn.class);
        return addsOrDrops ? RowVersions.usedUp(connection, server, source) : Optional.empty();
    }

    private MigrationException refused(String route, String reason) {
        return MigrationException.refused("cannot alter table \"" + alter.table() + "\" by " + route + "; " + reason
                + "; choose another way, or let the cheapest be found");
    }
}

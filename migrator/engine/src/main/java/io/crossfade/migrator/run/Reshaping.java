package io.crossfade.migrator.run;

import io.crossfade.migrator.ghost.Rules;
import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.migrator.mysql.Ddl;
import io.crossfade.migrator.route.DirectAlter;
import io.crossfade.migrator.route.Route;
import io.crossfade.migrator.route.Routes;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.signal.Progress;
import io.crossfade.model.Change;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Puts ALTERs that may touch rows to the table of a change, each by the cheapest safe way: at once, by a change of the server's own
 * books, else by a ghost table. The server rebuilds the table in place only where that is allowed by name, or where no ghost can
 * be made; a column is not even added so without leave.
 *
 * <p>Confined to the thread of the run.
 */
final class Reshaping implements Alters {
    private static final String IN_PLACE = ", ALGORITHM=INPLACE, LOCK=NONE";

    /** A build that was undone so often over passing duplicates would be undone again: then a ghost does it. */
    private static final int BUILDS_MAX = 3;

    private final Session session;
    private final Change change;
    private final Ddl ddl;
    private final GhostStep ghost;

    Reshaping(Session session, Change change) {
        this.session = session;
        this.change = change;
        this.ddl = new Ddl(session.control(), () -> session.gate(change.table()), session.cancel(), session.listener());
        this.ghost = new GhostStep(session, change);
    }

    /** Which way an ALTER would go; tried out on an empty clone of the table. */
    Way way(String clauses) throws SQLException {
        Route route = Routes.find(session.control(), new TableAlter(change.table(), clauses), Rules.DEFAULT);
        return route.kind() == Rules.Route.GHOST ? byRows(clauses, route.reason()) : Way.direct(route);
    }

    private Way byRows(String clauses, String whyNotDirect) throws SQLException {
        return byRows(obstacle(clauses), whyNotDirect);
    }

    /** Why no ghost can be made; not asked where none is wanted. */
    Optional<String> obstacle(String clauses) throws SQLException {
        return session.settings().allowsInplace() ? Optional.empty() : ghost.obstacle(clauses);
    }

    /** Which way an ALTER would go that the server cannot do without touching rows, and why it cannot. */
    Way byRows(Optional<String> obstacle, String whyNotDirect) {
        if (session.settings().allowsInplace()) {
            return Way.of(Way.Kind.INPLACE, "asked for by --allow-inplace; " + whyNotDirect);
        }
        return obstacle.isEmpty()
                ? Way.of(Way.Kind.GHOST, whyNotDirect)
                : Way.of(Way.Kind.INPLACE, "no ghost table can be used: " + obstacle.get() + "; and " + whyNotDirect);
    }

    /** Which way columns would be added: never by a rebuild that nobody has asked for. */
    Way wayToAdd(String clauses) throws SQLException {
        Way way = way(clauses);
        boolean isAllowed = way.kind() != Way.Kind.INPLACE || session.settings().allowsInplace();
        return isAllowed ? way : Way.of(Way.Kind.NONE, way.reason());
    }

    /** Refuses where columns cannot be added. */
    void requireWayToAdd(String clauses) throws SQLException {
        Way way = wayToAdd(clauses);
        if (way.kind() == Way.Kind.NONE) {
            throw cannotAdd(way);
        }
    }

    private MigrationException cannotAdd(Way way) {
        return MigrationException.refused("cannot add the columns of change " + change.id() + "; " + way.reason()
                + "; mend that, or allow the server to rebuild the table by --allow-inplace");
    }

    /** Adds columns. Where nothing is left to add, clears away what an earlier run may have left. */
    @Override
    public void add(Optional<String> clauses) throws SQLException {
        if (clauses.isEmpty() || goesOn(clauses.get())) {
            ghost.clear();
            return;
        }
        Way way = wayToAdd(clauses.get());
        if (way.kind() == Way.Kind.NONE) {
            throw cannotAdd(way);
        }
        go(way, clauses.get());
    }

    /** Carries out any other ALTER. Where nothing is left to do, clears away what an earlier run may have left. */
    @Override
    public void run(Optional<String> clauses) throws SQLException {
        if (clauses.isEmpty() || goesOn(clauses.get())) {
            ghost.clear();
            return;
        }
        go(way(clauses.get()), clauses.get());
    }

    /**
     * Builds an index. In place the application goes on writing meanwhile; only where the server undoes that again and again, a
     * ghost does it.
     *
     * @param definition such as {@code UNIQUE KEY `by_handle` (`handle`)}
     */
    @Override
    public void addIndex(String definition) throws SQLException {
        String clauses = "ADD " + definition;
        if (goesOn(clauses)) {
            return;
        }
        String sql = head() + clauses + IN_PLACE;
        boolean isBuilt = ddl.attempt(sql, BUILDS_MAX);
        if (!isBuilt) {
            go(
                    byRows(
                            clauses,
                            "the server undid the build " + BUILDS_MAX + " times over what was written meanwhile"),
                    clauses);
        }
    }

    /** Clears away what a ghost that is not wanted any more, or is done, has left. */
    @Override
    public void clear() throws SQLException {
        ghost.clear();
    }

    /** Goes on with the ghost of an earlier run, where there is one of these very clauses; gives up one of others. */
    private boolean goesOn(String clauses) throws SQLException {
        if (!session.settings().allowsInplace() && ghost.isUnderWay(clauses)) {
            ghost.run(clauses);
            return true;
        }
        ghost.clear();
        return false;
    }

    private void go(Way way, String clauses) throws SQLException {
        Route route = way.route();
        if (route != null
                && DirectAlter.run(
                        session.control(),
                        route,
                        () -> session.gate(change.table()),
                        session.cancel(),
                        session.listener())) {
            return;
        }
        Way rest = route == null ? way : byRows(clauses, "the server does not do it at once after all");
        if (rest.kind() == Way.Kind.GHOST) {
            session.listener().on(new Progress.Note("by a ghost table; " + rest.reason()));
            ghost.run(clauses);
            return;
        }
        session.listener().on(new Progress.Warning("the server rebuilds the table in place; " + rest.reason()));
        ddl.run(head() + clauses + IN_PLACE);
    }

    private String head() {
        return "ALTER TABLE " + session.server().dialect().quote(change.table().schema()) + "."
                + session.server().dialect().quote(change.table().table()) + " ";
    }

    /** The ghost's name, for plans. */
    String ghostName() {
        return ghost.ghost().table();
    }
}

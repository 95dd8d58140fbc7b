package io.crossfade.migrator.run;

import io.crossfade.migrator.fence.ServerFencer;
import io.crossfade.migrator.mysql.Connections;
import io.crossfade.migrator.mysql.Ddl;
import io.crossfade.migrator.mysql.Server;
import io.crossfade.migrator.signal.Cancel;
import io.crossfade.migrator.signal.Listener;
import io.crossfade.migrator.walk.Pacing;
import io.crossfade.model.Change;
import io.crossfade.model.Table;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The migrator in a simulated process: the real commands, stages, fences and walks, over connections and waits that are given. Two
 * things are the model's: a change is opened without the preflight, and an ALTER is always instant. One call at a time.
 */
public final class SimulatedRun {

    /** Two rows a chunk, so that a small table has several. */
    private static final Pacing PACING = Pacing.DEFAULT.withRows(2, 2).withBreatherRatio(0);

    /** What an operator asks for. */
    @FunctionalInterface
    public interface Command {
        void run(SimulatedRun run) throws SQLException;
    }

    private final Session session;

    private SimulatedRun(Session session) {
        this.session = session;
    }

    /** Connects, carries out one command, and disconnects. */
    public static void run(Connections.Source source, Cancel cancel, Listener listener, Command command)
            throws SQLException {
        Connections connections = new Connections(source);
        Connection control = connections.open();
        try {
            command.run(new SimulatedRun(new Session(
                    connections,
                    control,
                    Server.of(control),
                    Settings.DEFAULT
                            .withDiscovery(Duration.ZERO)
                            .withPacing(PACING)
                            .withGate(Duration.ZERO),
                    table -> List.of(),
                    new ServerFencer(control, Set.of(), listener),
                    InstantAlters::new,
                    cancel,
                    listener,
                    "simulated")));
        } finally {
            control.close();
        }
    }

    /** Opens a change as {@code start} does once the preflight has passed. */
    public void declare(Change change, Table before) throws SQLException {
        session.lock(change.id());
        session.store().changes().open(change, before, "simulated", "start of " + Start.fingerprint(change));
    }

    public void start(Change change) throws SQLException {
        new Start(session).run(change);
    }

    public void switchTo(String id, int percent, boolean settles) throws SQLException {
        new Switch(session).run(id, percent, settles);
    }

    public void complete(String id) throws SQLException {
        new Advance(session).complete(id, true);
    }

    public void contract(String id) throws SQLException {
        new Advance(session).contract(id);
    }

    public void close(String id) throws SQLException {
        new Advance(session).close(id);
    }

    public void rollback(String id) throws SQLException {
        new Rollback(session).run(id);
    }

    /** Every ALTER at once, as the server does it where nothing stands in the way. */
    private static final class InstantAlters implements Alters {
        private final Ddl ddl;
        private final String table;

        private InstantAlters(Session session, Change change) {
            this.ddl = new Ddl(session.control(), session.cancel(), session.listener());
            this.table = "ALTER TABLE `" + change.table().schema() + "`.`"
                    + change.table().table() + "` ";
        }

        @Override
        public void add(Optional<String> clauses) throws SQLException {
            run(clauses);
        }

        @Override
        public void run(Optional<String> clauses) throws SQLException {
            if (clauses.isPresent()) {
                ddl.run(table + clauses.get() + ", ALGORITHM=INSTANT");
            }
        }

        @Override
        public void addIndex(String definition) throws SQLException {
            ddl.run(table + "ADD " + definition);
        }

        @Override
        public void clear() {
            // No ghost is ever begun.
        }
    }
}

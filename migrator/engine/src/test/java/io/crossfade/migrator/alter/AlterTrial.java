package io.crossfade.migrator.alter;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.migrator.ghost.Rules;
import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.migrator.mysql.Connections;
import io.crossfade.migrator.mysql.Switches;
import io.crossfade.migrator.signal.Cancel;
import io.crossfade.migrator.signal.Listener;
import io.crossfade.migrator.signal.Progress;
import io.crossfade.migrator.stream.Endpoint;
import io.crossfade.migrator.throttle.Throttle;
import io.crossfade.migrator.throttle.Throttles;
import io.crossfade.model.TableName;
import io.crossfade.testkit.TestDatabase;
import io.crossfade.testkit.TestServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A table change on a test's database, with what it says. */
final class AlterTrial {
    private final TestServer server;
    private final String database;
    final List<Progress> progress = Collections.synchronizedList(new ArrayList<>());
    final Controls controls = new Controls();
    final Cancel cancel = new Cancel();
    final List<Throttle> throttles = new ArrayList<>();
    Rules rules = Rules.DEFAULT.withRoute(Rules.Route.GHOST);
    Bounds bounds = Bounds.DEFAULT;
    Switches switches = Switches.NONE;
    Listener listener = this::heard;

    /** Whether a test has made rows of the shadow wrong by hand; else mending some is a fault that a test would not see. */
    boolean expectsRepairs;

    Connections.Source source = this::connect;

    /** Where the change log is read. */
    int logPort;

    AlterTrial(TestServer server, TestDatabase database) {
        this.server = server;
        this.database = database.name();
        this.logPort = server.port();
    }

    AlterTrial rules(Rules other) {
        rules = other;
        return this;
    }

    void heard(Progress said) {
        progress.add(said);
        if (!expectsRepairs && said instanceof Progress.Warning warning) {
            assertThat(warning.text()).doesNotContain("should not have been necessary");
        }
    }

    Connections connections() {
        return new Connections(source);
    }

    Connection connect() throws SQLException {
        // As the command has it, see Servers.
        return DriverManager.getConnection(
                server.jdbcUrl(database) + "&enableEscapeProcessing=false&processEscapeCodesForPrepStmts=false",
                server.user(),
                server.password());
    }

    TableName table(String name) {
        return new TableName(database, name);
    }

    Alteration alteration(TableAlter... alters) {
        return new Alteration(
                new AlterRequest(List.of(alters), rules, bounds, switches),
                connections(),
                new Endpoint(server.host(), logPort, server.user(), server.password(), Endpoint.Tls.OFF, 99_999),
                controls,
                new Throttles(throttles, cancel, listener),
                cancel,
                listener);
    }

    /** Changes one table. */
    void alter(String table, String alter) throws SQLException {
        alteration(new TableAlter(table(table), alter)).run();
    }

    void execute(String... statements) throws SQLException {
        try (Connection connection = connect();
                Statement s = connection.createStatement()) {
            for (String statement : statements) {
                s.execute(statement);
            }
        }
    }

    /** The first column of a query's rows. */
    List<String> column(String query) throws SQLException {
        List<String> values = new ArrayList<>();
        try (Connection connection = connect();
                Statement s = connection.createStatement();
                ResultSet r = s.executeQuery(query)) {
            while (r.next()) {
                values.add(r.getString(1));
            }
        }
        return values;
    }

    String one(String query) throws SQLException {
        List<String> values = column(query);
        assertThat(values).hasSize(1);
        return values.get(0);
    }

    /** What the run said in words. */
    List<String> said() {
        synchronized (progress) {
            return progress.stream()
                    .map(p -> p instanceof Progress.Note note
                            ? note.text()
                            : p instanceof Progress.Warning warning ? "warning: " + warning.text() : "")
                    .filter(t -> !t.isEmpty())
                    .toList();
        }
    }

    static Duration millis(long millis) {
        return Duration.ofMillis(millis);
    }
}

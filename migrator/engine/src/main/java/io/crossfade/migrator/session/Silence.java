package io.crossfade.migrator.session;

import io.crossfade.dialect.MySqlDialect;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * How long the server waits for the next word of a session whose transactions lock the application's rows. Within a transaction that
 * is short: a host that has lost its power or its network keeps no row locked for longer. Outside of one nothing is held, and a
 * wait for a throttle may last.
 *
 * <p>MariaDB has a bound for transactions alone. MySQL has one for any silence: there it is the short one, and waits that may be
 * longer are announced, so that no chunk costs a statement more.
 *
 * <p>One thread at a time.
 */
public final class Silence {

    /**
     * Between two statements of a chunk pass microseconds. A migrator that stands still for so long, on a machine that was suspended,
     * say, loses the session, and the same command goes on.
     */
    public static final Duration IN_TRANSACTION_MAX = Duration.ofSeconds(30);

    /** A session may be idle while another works, a fence is awaited, or a throttle holds back. */
    public static final Duration IDLE_MAX = Duration.ofDays(7);

    private static final String OF_TRANSACTIONS = "idle_transaction_timeout";

    private final Connection connection;
    private final Duration max;
    private final boolean tellsTransactions;

    private Silence(Connection connection, Duration max, boolean tellsTransactions) {
        this.connection = connection;
        this.max = max;
        this.tellsTransactions = tellsTransactions;
    }

    /** That of a session; opens no transaction. */
    public static Silence of(Connection connection) throws SQLException {
        return of(connection, IN_TRANSACTION_MAX);
    }

    /** The same with another bound within a transaction. */
    public static Silence of(Connection connection, Duration max) throws SQLException {
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery("SELECT VERSION()")) {
            r.next();
            return new Silence(connection, max, MySqlDialect.of(r.getString(1)).isMariaDb());
        }
    }

    /** Sets the short bound for the transactions from now on. */
    public void bound() throws SQLException {
        set(tellsTransactions ? OF_TRANSACTIONS : "wait_timeout", max);
    }

    /** Waits while no transaction is open, for as long as it takes. A wait that throws leaves a session that is only to be closed. */
    public void during(Runnable wait) throws SQLException {
        if (tellsTransactions) {
            wait.run();
            return;
        }
        set("wait_timeout", IDLE_MAX);
        wait.run();
        set("wait_timeout", max);
    }

    /** The same for a pause whose length is known; a short one, of a third of the bound, costs nothing: something is told to the operator besides. */
    public void during(Duration pause, Runnable wait) throws SQLException {
        if (pause.compareTo(Presence.every(max)) < 0) {
            wait.run();
        } else {
            during(wait);
        }
    }

    private void set(String variable, Duration silence) throws SQLException {
        try (Statement s = connection.createStatement()) {
            s.execute("SET SESSION " + variable + " = " + silence.toSeconds());
        }
    }
}

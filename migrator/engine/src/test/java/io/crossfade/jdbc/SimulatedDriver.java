package io.crossfade.jdbc;

import io.crossfade.flag.Shares;
import io.crossfade.model.Side;
import io.crossfade.sql.SharedPlans;
import io.crossfade.state.Snapshot;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The driver in a simulated process: the real link, sessions and proxies, over connections, a clock and flags that are given.
 * The link's thread is not started; {@link #look} is what it does. One call at a time.
 */
public final class SimulatedDriver {
    static final int POLL_MILLIS = 500;
    static final int LEASE_MILLIS = 2000;

    private final ControlLink link;

    /** Opens a plain connection. */
    @FunctionalInterface
    public interface Source {
        Connection open() throws SQLException;
    }

    public SimulatedDriver(
            UUID id, String application, Side view, Source control, LongSupplier nanoClock, Supplier<Shares> flags)
            throws SQLException {
        Properties given = new Properties();
        given.setProperty(DriverProperty.APPLICATION.key(), application);
        given.setProperty(DriverProperty.VIEW.key(), view == Side.OLD ? "old" : "new");
        given.setProperty(DriverProperty.POLL_MILLIS.key(), Integer.toString(POLL_MILLIS));
        given.setProperty(DriverProperty.LEASE_MILLIS.key(), Integer.toString(LEASE_MILLIS));
        given.setProperty(DriverProperty.COMPARE_PERCENT.key(), "0"); // Chosen by a chance that no seed repeats.
        ClientIdentity identity = new ClientIdentity(id, "host", 1, "simulated");
        HostProcess process = new HostProcess(identity, nanoClock, thread -> {}, SharedPlans::rewriter, flags);
        this.link = new ControlLink("simulated", DriverSettings.of(given), control::open, process);
    }

    /** Reads the control state for the first time. */
    public void start() throws SQLException {
        link.start();
    }

    /** What the link's thread does again and again. */
    public void look() {
        link.look();
    }

    /** What a URL of the driver gives. */
    public Connection connect(Connection raw) throws SQLException {
        try {
            Session session = Session.begin(link, raw);
            link.add(session);
            return Proxies.connection(raw, session, () -> link.remove(session));
        } catch (SQLException e) {
            raw.close();
            throw e;
        }
    }

    /** Lets a session choose its key and flags anew although its transaction goes on: a fault that is put in. */
    public static void chooseAnew(Connection connection) {
        ((ConnectionProxy) connection).session().choice().forget();
    }

    public void close() {
        link.close();
    }

    public Snapshot current() {
        return link.current();
    }

    public boolean holdsLease() {
        return link.holdsLease();
    }
}

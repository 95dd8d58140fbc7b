package io.crossfade.simulator;

import io.crossfade.flag.Shares;
import io.crossfade.jdbc.SimulatedDriver;
import io.crossfade.model.Side;
import io.crossfade.state.Snapshot;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An application of old or new code with the driver in it: it opens connections, reads and writes, in transactions or without,
 * and looks at the control tables now and then. Confined to the simulation.
 */
final class SimulatedClient {
    private static final int SESSIONS_MAX = 2;

    /** How often a client looks at the control tables instead of doing something else: many are prompt, some late. */
    private static final int[] LOOKS_PERCENT = {60, 35, 35, 5};

    private static final int LATE_LOOKS_PERCENT = 10;

    private final World world;
    private final SimulatedProcess process;
    private final SimulatedDriver driver;
    private final UUID id;
    private final boolean isNewCode;
    private final int[] shapes;
    private final int looksPercent;
    private final boolean isLate;
    private final List<AppSession> sessions = new ArrayList<>();
    private Shares flags = Shares.NONE;
    private boolean isStarted;

    /** Whether it is in the middle of something that cannot be held up; what is nested in that is done by others. */
    private boolean isActing;

    /** What of it holds the lock of the link; whoever else wants that has to wait. */
    private @Nullable Operation linkHolder;

    @FunctionalInterface
    private interface Act {
        void run() throws SQLException;
    }

    /** A connection of the application. */
    final class AppSession {
        private @Nullable Connection connection;
        private @Nullable Wire wire;
        private @Nullable Snapshot began;
        private @Nullable Boolean readsNew;
        private @Nullable UserStatement statement;
        private boolean isManual;
        private boolean isOpen;
        private boolean isBusy;
        private boolean mustEnd;

        /** The control state that whatever is under way on it began under; null where nothing is, or it can do nothing any more. */
        @Nullable
        Snapshot began() {
            return wire != null && wire.isUsable() ? began : null;
        }

        long knownEpoch() {
            return driver.current().epoch();
        }

        /** A statement of the application is about to be sent. */
        void sending(String sql) {
            if (began == null) {
                began = driver.current();
            }
        }

        /** A statement was carried out by the server, within its transaction. */
        void carriedOut(Wire over, String sent, io.crossfade.simulator.model.Result result) {
            UserStatement asked = statement;
            if (asked == null || !sent.contains("orders")) {
                return;
            }
            String wrong = asked.check(world.server(), over, result);
            if (wrong != null) {
                world.violate(process + ": " + asked + " sent as " + sent + " " + wrong);
            }
            Boolean side = asked.readsNew(sent);
            if (side != null && isOpen) {
                if (readsNew != null && !readsNew.equals(side)) {
                    world.violate(process + ": a transaction reads both sides: " + sent);
                }
                readsNew = side;
            }
        }

        private void step() {
            step(this::act);
        }

        /** Ends what is open. */
        private void settle() {
            step(() -> {
                Connection open = connection;
                if (open != null && (isOpen || mustEnd)) {
                    end(open);
                }
            });
        }

        private void step(Act act) {
            isBusy = true;
            try {
                act.run();
            } catch (SQLException e) {
                world.note(process, "failed: " + e.getMessage());
                world.failed(SimulatedClient.this, began, e);
                mustEnd = true;
            }
            if (!isOpen) {
                began = null;
            }
            statement = null;
            isBusy = false;
        }

        private void act() throws SQLException {
            Connection open = connection;
            if (open == null) {
                open();
            } else if (mustEnd) {
                end(open);
            } else if (isOpen && world.chance(world.isRough() ? 35 : 80)) {
                end(open, world.chance(75));
            } else if (!isOpen && world.chance(6)) {
                close(open);
            } else {
                if (!isOpen && !isLate && world.chance(30)) {
                    isManual = !isManual;
                    open.setAutoCommit(!isManual);
                }
                isOpen = isManual;
                statement(open);
            }
        }

        private void open() throws SQLException {
            holdLink();
            wire = new Wire(world, process, Wire.Kind.DATA, id.toString());
            wire.owner = this;
            connection = driver.connect(Jdbc.connection(wire));
            isManual = false;
            isOpen = false;
        }

        /** After a failure, a transaction cannot but be rolled back. */
        private void end(Connection open) throws SQLException {
            if (mustEnd && (wire == null || !wire.isUsable())) {
                mustEnd = false;
                close(open);
            } else {
                boolean hasFailed = mustEnd;
                mustEnd = false;
                end(open, !hasFailed);
            }
        }

        private void close(Connection open) throws SQLException {
            connection = null;
            isOpen = false;
            readsNew = null;
            open.close();
        }

        private void end(Connection open, boolean commits) throws SQLException {
            if (isOpen && commits) {
                open.commit();
            } else if (isOpen) {
                open.rollback();
            }
            isOpen = false;
            readsNew = null;
        }

        private void statement(Connection open) throws SQLException {
            UserStatement drawn = UserStatement.draw(world.random(), shapes, world.ids(), world.subject(), isNewCode);
            statement = drawn;
            if (world.isTraced()) {
                world.note(process, drawn);
            }
            if (world.mutation() == Mutation.SIDE_PER_STATEMENT) {
                SimulatedDriver.chooseAnew(open);
            }
            try (PreparedStatement s = open.prepareStatement(drawn.sql())) {
                for (int i = 0; i < drawn.parameters().length; i++) {
                    s.setObject(i + 1, drawn.parameters()[i]);
                }
                if (drawn.isQuery()) {
                    s.executeQuery().close();
                } else {
                    s.executeUpdate();
                }
            }
        }
    }

    /**
     * @param isLate whether it looks at the control tables as seldom as may be, and has nothing open when it does
     */
    SimulatedClient(World world, String name, UUID id, boolean isNewCode, boolean isLate) throws SQLException {
        this.world = world;
        this.id = id;
        this.isNewCode = isNewCode;
        this.isLate = isLate;
        this.shapes = world.isHot() ? UserStatement.writes() : UserStatement.shapes(world.random());
        int looks = LOOKS_PERCENT[world.random().nextInt(LOOKS_PERCENT.length)];
        this.looksPercent = isLate ? LATE_LOOKS_PERCENT : looks;
        this.process = new SimulatedProcess(world, name + (isNewCode ? " (new code)" : " (old code)"));
        this.driver = new SimulatedDriver(
                id,
                name,
                isNewCode ? Side.NEW : Side.OLD,
                this::control,
                () -> world.mutation() == Mutation.NO_LEASE ? 0 : process.nanos(),
                () -> flags);
        for (int i = 0; i < SESSIONS_MAX; i++) {
            sessions.add(new AppSession());
        }
    }

    SimulatedProcess process() {
        return process;
    }

    List<AppSession> sessions() {
        return sessions;
    }

    SimulatedDriver driver() {
        return driver;
    }

    private Connection control() throws SQLException {
        holdLink();
        Wire wire = new Wire(world, process, Wire.Kind.CONTROL, "");
        wire.client = this;
        return Jdbc.connection(wire);
    }

    /** Whether it may send a statement of an application without asking anybody before. */
    boolean maySend() {
        return isStarted && !process.isDead() && driver.holdsLease() && hasConnection();
    }

    private boolean hasConnection() {
        for (AppSession session : sessions) {
            if (session.connection != null && session.wire != null && session.wire.isUsable()) {
                return true;
            }
        }
        return false;
    }

    boolean isNewCode() {
        return isNewCode;
    }

    /** Takes up something to do; does nothing where it cannot. */
    void act() {
        if (!mayAct()) {
            return;
        }
        if (!isStarted) {
            world.operations().perform(this, this::start);
            return;
        }
        if (world.chance(world.isRough() ? looksPercent : 60)) {
            world.operations().perform(this, this::look);
            return;
        }
        AppSession session = sessions.get(world.random().nextInt(sessions.size()));
        if (!session.isBusy) {
            world.operations().perform(this, session::step);
        }
    }

    /** Ends what it has open, and looks. */
    void settle() {
        if (isStarted) {
            for (AppSession session : sessions) {
                if (mayAct() && !session.isBusy) {
                    world.operations().perform(this, session::settle);
                }
            }
            if (mayAct()) {
                world.operations().perform(this, this::look);
            }
        } else {
            act();
        }
    }

    private boolean mayAct() {
        return !process.isDead() && !process.isStopped() && linkHolder == null && !isActing;
    }

    void flip(int percent) {
        flags = percent < 0 ? Shares.NONE : new Shares(Map.of(Subject.ID, percent));
    }

    boolean isLinkFreeFor(Operation operation) {
        return linkHolder == null || linkHolder == operation;
    }

    /** What runs just now calls on the control connection, and so holds the link's lock to its end. */
    void holdLink() {
        linkHolder = world.operations().running();
    }

    void acting(boolean acts) {
        isActing = acts;
    }

    void ended(Operation operation) {
        if (linkHolder == operation) {
            linkHolder = null;
        }
    }

    private void start() {
        holdLink();
        try {
            driver.start();
            isStarted = true;
        } catch (SQLException e) {
            world.note(process, "cannot start: " + e.getMessage());
        }
    }

    private void look() {
        holdLink();
        driver.look();
    }
}

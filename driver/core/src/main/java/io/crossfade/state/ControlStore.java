package io.crossfade.state;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * The control tables, over a connection that the caller owns: the epoch and what stands at it, and the ways to their
 * {@link #changes}, {@link #clients} and {@link #checkpoints}. Every method is one transaction or one statement; a write that
 * finds the state moved by somebody else throws {@link StaleEpochException} and leaves everything as it was. A database
 * without control tables is read as {@link Snapshot#NONE}.
 *
 * <p>One thread at a time.
 */
public final class ControlStore {

    private final ControlSql sql;

    /**
     * @param connection a plain connection to the migrated database (its current database is the one with the control
     *     tables), in autocommit mode, used by nobody else while a method runs
     */
    public ControlStore(Connection connection) {
        this.sql = new ControlSql(connection);
    }

    public ChangeStore changes() {
        return new ChangeStore(sql);
    }

    public ClientStore clients() {
        return new ClientStore(sql);
    }

    public UsageStore usage() {
        return new UsageStore(sql);
    }

    public UnproxiedStore unproxied() {
        return new UnproxiedStore(sql);
    }

    public ComparisonStore comparisons() {
        return new ComparisonStore(sql);
    }

    public GateStore gates() {
        return new GateStore(sql);
    }

    public WatchStore watches() {
        return new WatchStore(sql);
    }

    public CheckpointStore checkpoints() {
        return new CheckpointStore(sql);
    }

    /** The epoch alone: the one row that an idle client reads. 0 where there are no control tables. */
    public long epoch() throws SQLException {
        return sql.epoch();
    }

    /**
     * The control state: an epoch and exactly the changes as they stand at it. Only open changes are in it, those at
     * {@code off} among them, since a client registers as soon as a change is opened. Announced cut-overs are at least those of
     * that epoch.
     */
    public Snapshot snapshot() throws SQLException {
        try {
            return snapshot("k.gates");
        } catch (SQLException e) {
            if (e.getErrorCode() == ControlTables.NO_SUCH_COLUMN) {
                return snapshot("0"); // The control tables are of an older migrator, which announces nothing.
            }
            throw e;
        }
    }

    private Snapshot snapshot(String gates) throws SQLException {
        // One statement, so that the epoch and the changes are of one instant.
        String text = "SELECT k.epoch, c.definition, c.table_before, c.stage, c.direction, c.read_percent, " + gates
                + " FROM crossfade_control k LEFT JOIN crossfade_change c ON c.closed_at IS NULL WHERE k.id = 1 ORDER BY c.id";
        long epoch = 0;
        boolean hasGates = false;
        List<ChangeState> changes = new ArrayList<>();
        try (Statement s = sql.connection().createStatement();
                ResultSet r = s.executeQuery(text)) {
            while (r.next()) {
                epoch = r.getLong(1);
                if (r.getString(2) != null) {
                    changes.add(ChangeStore.changeState(r, 2));
                }
                hasGates = r.getInt(7) > 0;
            }
        } catch (SQLException e) {
            if (e.getErrorCode() == ControlTables.NO_SUCH_TABLE) {
                return Snapshot.NONE;
            }
            throw e;
        }
        return hasGates ? new Snapshot(epoch, changes, gates().all(), watches().all()) : new Snapshot(epoch, changes);
    }

    /**
     * The control state, for a client that knows one already: by one row as long as nothing is announced.
     *
     * @return the same where nothing has moved
     */
    public Snapshot after(Snapshot known) throws SQLException {
        if (known.announced().isEmpty() && known.watches().isEmpty()) {
            return epoch() == known.epoch() ? known : snapshot();
        }
        // A gate is looked at often, and for seconds: the watches wait for that.
        Snapshot now = known.announced().isEmpty() ? watches().look(known) : gates().look(known);
        if (now.epoch() != known.epoch()) {
            return snapshot();
        }
        return now.equals(known) ? known : now;
    }

    /** Creates the control tables where they are not there yet, and the columns that came later. */
    public void install() throws SQLException {
        try (Statement s = sql.connection().createStatement()) {
            for (String ddl : ControlTables.DDL) {
                s.execute(ddl);
            }
            for (ControlTables.Added added : ControlTables.ADDED) {
                if (!hasColumn(added)) {
                    s.execute("ALTER TABLE " + added.table() + " ADD COLUMN " + added.ddl());
                }
            }
            s.executeUpdate("INSERT INTO crossfade_control (id, version, epoch) VALUES (1, " + ControlTables.VERSION
                    + ", 1) ON DUPLICATE KEY UPDATE version = GREATEST(version, VALUES(version))");
        }
    }

    /** Brings tables of an older migrator up to date. */
    public void upgrade() throws SQLException {
        try (Statement s = sql.connection().createStatement();
                ResultSet r = s.executeQuery("SELECT version FROM crossfade_control WHERE id = 1")) {
            if (r.next() && r.getInt(1) >= ControlTables.VERSION) {
                return;
            }
        }
        install();
    }

    private boolean hasColumn(ControlTables.Added added) throws SQLException {
        try (PreparedStatement s = sql.connection()
                .prepareStatement("SELECT 1 FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE()"
                        + " AND TABLE_NAME = ? AND COLUMN_NAME = ?")) {
            ControlSql.bind(s, added.table(), added.column());
            try (ResultSet r = s.executeQuery()) {
                return r.next();
            }
        }
    }

    /** Whether the control tables are there. */
    public boolean isInstalled() throws SQLException {
        return epoch() > 0;
    }
}

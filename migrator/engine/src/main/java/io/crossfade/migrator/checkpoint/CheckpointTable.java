package io.crossfade.migrator.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.crossfade.dialect.MySqlDialect;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.stream.ServerHistory;
import io.crossfade.model.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/**
 * The table beside a changing table that keeps its checkpoint, as one row of JSON: where the ghost goes, there its checkpoint
 * goes, into backups and onto replicas. One thread at a time.
 */
public final class CheckpointTable {
    private static final int TABLE_MISSING = 1146;
    private static final int COLUMN_MISSING = 1054;

    private final String table;
    private final String history;
    private final ObjectMapper json =
            new ObjectMapper().configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);

    public CheckpointTable(MySqlDialect dialect, TableName name) {
        this.history = ServerHistory.sql(dialect);
        this.table = dialect.quote(name.schema()) + "." + dialect.quote(name.table());
    }

    /** Makes it where it is not there. */
    public void create(Connection connection) throws SQLException {
        try (Statement s = connection.createStatement()) {
            s.execute("CREATE TABLE IF NOT EXISTS " + table + " (id INT NOT NULL PRIMARY KEY, state LONGTEXT NOT NULL,"
                    + " saved_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP)"
                    + " ENGINE=InnoDB DEFAULT CHARSET=utf8mb4");
        }
    }

    /** The checkpoint; empty where there is none, or no table. */
    public Optional<AlterCheckpoint> read(Connection connection) throws SQLException {
        return read(connection, "");
    }

    /** The checkpoint, locked until the connection's transaction ends: what another session is committing is waited for. */
    public Optional<AlterCheckpoint> readLocked(Connection connection) throws SQLException {
        return read(connection, " FOR UPDATE");
    }

    private Optional<AlterCheckpoint> read(Connection connection, String lock) throws SQLException {
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery("SELECT state FROM " + table + " WHERE id = 1" + lock)) {
            return r.next() ? Optional.of(json.readValue(r.getString(1), AlterCheckpoint.class)) : Optional.empty();
        } catch (JsonProcessingException e) {
            throw MigrationException.refused("cannot go on: checkpoint table " + table
                    + " cannot be read; it was written by another version, or by hand; drop it and the ghost table"
                    + " (--initially-drop-ghost-table) to begin anew");
        } catch (SQLException e) {
            // Where its columns are others it is none of ours.
            if (e.getErrorCode() == TABLE_MISSING || e.getErrorCode() == COLUMN_MISSING) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Saves a checkpoint, in the connection's transaction; where that is, the server itself puts in. */
    public void save(Connection connection, AlterCheckpoint checkpoint) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement(
                "INSERT INTO " + table + " (id, state) VALUES (1, JSON_SET(CONVERT(? USING utf8mb4), '$.history', "
                        + history + ")) ON DUPLICATE KEY UPDATE state = VALUES(state)")) {
            s.setString(1, json.writeValueAsString(checkpoint));
            s.executeUpdate();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    public void drop(Connection connection) throws SQLException {
        try (Statement s = connection.createStatement()) {
            s.execute("DROP TABLE IF EXISTS " + table);
        }
    }
}

package io.crossfade.migrator.follow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.crossfade.dialect.MySqlDialect;
import io.crossfade.migrator.stream.LogPosition;
import io.crossfade.migrator.stream.ServerHistory;
import io.crossfade.state.Checkpoint;
import io.crossfade.state.ControlStore;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far the change log of a changing table was followed: everything that was written before it without the driver is
 * found, mended and counted. Kept among the checkpoints of the change. Immutable.
 *
 * @param position where to read on; null where nobody follows
 * @param history the server that it was kept on; null where nobody follows
 * @param sinceMillis when the following began, by the server's clock
 * @param upToMillis what was written before this is found, by the server's clock
 * @param off why nobody follows; empty where the log is followed
 */
public record FollowPlace(
        @Nullable LogPosition position,
        @Nullable ServerHistory history,
        long sinceMillis,
        long upToMillis,
        String off) {

    private static final String TASK = "follow";

    private static final ObjectMapper JSON =
            new ObjectMapper().configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);

    /** Where a change's log was followed to; empty where that was never begun, or was kept by another version. */
    public static Optional<FollowPlace> of(ControlStore store, String changeId) throws SQLException {
        Checkpoint kept = store.checkpoints().at(changeId, TASK);
        try {
            return kept.position().isEmpty()
                    ? Optional.empty()
                    : Optional.of(JSON.readValue(kept.position(), FollowPlace.class));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /** A place at which reading begins anew. */
    public static FollowPlace begin(Connection connection, MySqlDialect dialect) throws SQLException {
        long now = millis(connection);
        return new FollowPlace(LogPosition.current(connection), history(connection, dialect), now, now, "");
    }

    /** No place, and why. */
    public static FollowPlace off(String why) {
        return new FollowPlace(null, null, 0, 0, why);
    }

    /** The server's time now. */
    public static long millis(Connection connection) throws SQLException {
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery("SELECT FLOOR(UNIX_TIMESTAMP(NOW(3)) * 1000)")) {
            r.next();
            return r.getLong(1);
        }
    }

    static ServerHistory history(Connection connection, MySqlDialect dialect) throws SQLException {
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery("SELECT " + ServerHistory.sql(dialect))) {
            r.next();
            return JSON.readValue(r.getString(1), ServerHistory.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    FollowPlace at(LogPosition other, ServerHistory where, long millis) {
        return new FollowPlace(other, where, sinceMillis, Math.max(upToMillis, millis), "");
    }

    /** The same place on this server, which has the same history. */
    public FollowPlace from(LogPosition other) {
        return new FollowPlace(other, history, sinceMillis, upToMillis, off);
    }

    public Instant since() {
        return Instant.ofEpochMilli(sinceMillis);
    }

    public Instant upTo() {
        return Instant.ofEpochMilli(upToMillis);
    }

    /** Keeps it; within the caller's transaction where autocommit is off. */
    public void save(ControlStore store, String changeId) throws SQLException {
        try {
            store.checkpoints().save(changeId, new Checkpoint(TASK, JSON.writeValueAsString(this), false, 0, 0));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}

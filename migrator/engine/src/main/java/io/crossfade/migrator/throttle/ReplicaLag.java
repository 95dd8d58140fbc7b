package io.crossfade.migrator.throttle;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/** Holds back while a replica is behind, or does not say how far. One thread at a time. */
public final class ReplicaLag implements Throttle {

    /** The newer wording first; servers before 8.0.22 and 10.5 know the other only. */
    private static final List<String> QUERIES = List.of("SHOW REPLICA STATUS", "SHOW SLAVE STATUS");

    private static final List<String> COLUMNS = List.of("Seconds_Behind_Source", "Seconds_Behind_Master");

    private static final int SYNTAX_ERROR = 1064;

    private final String name;
    private final Asked replica;
    private final LongSupplier maxMillis;
    private volatile long millis = -1;

    /** Opens a connection to the replica. */
    @FunctionalInterface
    public interface Connections {
        Connection open() throws SQLException;
    }

    /**
     * @param name the replica as messages call it, without a password
     * @param max the greatest lag that is still good
     */
    public ReplicaLag(String name, Connections replica, Duration max) {
        this(name, replica, max::toMillis);
    }

    /** @param maxMillis the greatest lag that is still good, which may change */
    public ReplicaLag(String name, Connections replica, LongSupplier maxMillis) {
        this.name = name;
        this.replica = new Asked(replica);
        this.maxMillis = maxMillis;
    }

    @Override
    public Optional<String> reason() {
        millis = -1;
        try {
            OptionalLong told = seconds();
            if (told.isEmpty()) {
                return Optional.of("replica " + name + " does not tell its lag");
            }
            long seconds = told.getAsLong();
            millis = seconds * 1000;
            return millis > maxMillis.getAsLong()
                    ? Optional.of("replica " + name + " is " + seconds + " s behind")
                    : Optional.empty();
        } catch (SQLException e) {
            return Optional.of("replica " + name + " cannot be asked: " + e.getMessage());
        }
    }

    /** The lag as last seen; negative where it is not known. For any thread. */
    public long millis() {
        return millis;
    }

    private OptionalLong seconds() throws SQLException {
        try {
            return replica.ask(QUERIES.get(0), ReplicaLag::seconds);
        } catch (SQLException e) {
            if (e.getErrorCode() != SYNTAX_ERROR) {
                throw e;
            }
            return replica.ask(QUERIES.get(1), ReplicaLag::seconds);
        }
    }

    private static OptionalLong seconds(ResultSet row) throws SQLException {
        if (!row.next()) {
            return OptionalLong.empty();
        }
        for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
            if (COLUMNS.contains(row.getMetaData().getColumnLabel(i))) {
                long seconds = row.getLong(i);
                return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(seconds);
            }
        }
        return OptionalLong.empty();
    }

    @Override
    public String name() {
        return "replica " + name;
    }

    @Override
    public void release() {
        replica.release();
    }
}

package io.crossfade.migrator.throttle;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** Holds back while a query gives a number above 0; asked each second, as gh-ost does. One thread at a time. */
public final class ThrottleQuery implements Throttle {
    private static final Duration EVERY_SECOND = Duration.ofSeconds(1);

    private final Asked server;
    private final Supplier<String> query;

    /** @param query may change; empty for none */
    public ThrottleQuery(ReplicaLag.Connections connections, Supplier<String> query) {
        this.server = new Asked(connections);
        this.query = query;
    }

    @Override
    public Optional<String> reason() throws SQLException {
        String sql = query.get();
        return sql.isEmpty() ? Optional.empty() : server.ask(sql, ThrottleQuery::read);
    }

    private static Optional<String> read(ResultSet rows) throws SQLException {
        if (!rows.next()) {
            return Optional.of("throttle-query gave no row");
        }
        long number = rows.getLong(1);
        if (rows.wasNull()) {
            return Optional.of("throttle-query gave NULL");
        }
        return number > 0 ? Optional.of("throttle-query gave " + number) : Optional.empty();
    }

    @Override
    public Duration every() {
        return EVERY_SECOND;
    }

    @Override
    public String name() {
        return "throttle-query";
    }

    @Override
    public void release() {
        server.release();
    }
}

package io.crossfade.migrator.mysql;

import io.crossfade.dialect.Dialect;
import io.crossfade.migrator.chunk.ChunkSize;
import io.crossfade.migrator.signal.Cancel;
import io.crossfade.migrator.signal.Listener;
import io.crossfade.migrator.signal.Progress;
import io.crossfade.model.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Drops tables that nobody uses any more. Dropping a huge one at once can hold up the whole server, so that its rows go first, a
 * few at a time.
 *
 * <p>One thread at a time.
 */
public final class OldTables {

    /** A table of this size is dropped at once: the server is done in a blink. Judged, not measured. */
    private static final long AT_ONCE_BYTES_MAX = 512L * 1024 * 1024;

    /** Below what users notice. */
    private static final Duration PIECE = Duration.ofMillis(100);

    private static final int ROWS_MIN = 100;
    private static final int ROWS_MAX = 20_000;

    private final Connection connection;
    private final Breath breath;
    private final Cancel cancel;
    private final Listener listener;
    private final long atOnceBytesMax;

    /** What is waited for between two pieces. */
    @FunctionalInterface
    public interface Breath {
        void take() throws SQLException;
    }

    /**
     * Drops by way of one session.
     *
     * @param connection in autocommit mode
     */
    public OldTables(Connection connection, Breath breath, Cancel cancel, Listener listener) {
        this(connection, breath, cancel, listener, AT_ONCE_BYTES_MAX);
    }

    OldTables(Connection connection, Breath breath, Cancel cancel, Listener listener, long atOnceBytesMax) {
        this.connection = connection;
        this.breath = breath;
        this.cancel = cancel;
        this.listener = listener;
        this.atOnceBytesMax = atOnceBytesMax;
    }

    /** Drops each table; one that is gone already is passed over. */
    public void dropInPieces(TableName... tables) throws SQLException {
        Dialect dialect = Server.of(connection).dialect();
        for (TableName table : tables) {
            Optional<TableFacts> known = TableFacts.of(connection, table);
            if (known.isEmpty()) {
                continue;
            }
            TableFacts facts = known.get().withFile(connection);
            String quoted = dialect.quote(table.schema()) + "." + dialect.quote(table.table());
            if (facts.dataBytes() + facts.indexBytes() > atOnceBytesMax) {
                dropTriggers(dialect, table);
                empty(quoted, order(dialect, table), facts);
            }
            new Ddl(connection, cancel, listener).run("DROP TABLE IF EXISTS " + quoted);
        }
    }

    /** They would act as if the application deleted these rows. */
    private void dropTriggers(Dialect dialect, TableName table) throws SQLException {
        for (String trigger : Ties.triggers(connection, table)) {
            new Ddl(connection, cancel, listener)
                    .run("DROP TRIGGER IF EXISTS " + dialect.quote(table.schema()) + "." + dialect.quote(trigger));
        }
    }

    private void empty(String quoted, String order, TableFacts facts) throws SQLException {
        ChunkSize size = new ChunkSize(PIECE, ROWS_MIN, ROWS_MAX);
        long done = 0;
        int gone;
        long beganNanos = System.nanoTime();
        do {
            breath.take();
            cancel.check();
            long pieceNanos = System.nanoTime();
            int rows = size.rows();
            try (Statement s = connection.createStatement()) {
                gone = s.executeUpdate("DELETE FROM " + quoted + order + " LIMIT " + rows);
            }
            size.took(Duration.ofNanos(System.nanoTime() - pieceNanos));
            done += gone;
            double seconds = Math.max(1, System.nanoTime() - beganNanos) / 1e9;
            listener.on(new Progress.Rows(
                    "drop " + facts.name(),
                    done,
                    Math.max(done, facts.rows()),
                    done,
                    size.rows(),
                    done / seconds,
                    gone == 0));
        } while (gone > 0);
    }

    private String order(Dialect dialect, TableName table) throws SQLException {
        List<Index> primary =
                Index.of(connection, table).stream().filter(Index::isPrimary).toList();
        return primary.isEmpty()
                ? ""
                : " ORDER BY "
                        + primary.get(0).parts().stream()
                                .map(p -> dialect.quote(p.column()) + (p.isDescending() ? " DESC" : ""))
                                .collect(Collectors.joining(", "));
    }
}

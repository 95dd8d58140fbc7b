package io.crossfade.migrator.mysql;

import io.crossfade.dialect.Dialect;
import io.crossfade.migrator.chunk.ChunkSize;
import io.crossfade.migrator.chunk.Key;
import io.crossfade.migrator.chunk.KeyRange;
import io.crossfade.migrator.signal.Cancel;
import io.crossfade.migrator.signal.Listener;
import io.crossfade.migrator.signal.Progress;
import io.crossfade.model.Table;
import io.crossfade.model.TableName;
import io.crossfade.state.CatalogReader;
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

    private static final String TASK = "drop ";

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

    /** Whether some progress is that of a drop. */
    public static boolean isOf(Progress.Rows rows) {
        return rows.task().startsWith(TASK);
    }

    /** Of such progress, the table that goes. */
    public static String tableOf(Progress.Rows rows) {
        return rows.task().substring(TASK.length());
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
                Optional<Table> described = new CatalogReader(connection).table(table);
                if (described.isPresent()) {
                    empty(quoted, described.get(), facts);
                }
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

    /**
     * Each piece begins behind the last one: from the table's beginning it would come by all that is gone already, which stays where it
     * was while somebody's transaction, a backup say, may still look at it.
     */
    private void empty(String quoted, Table table, TableFacts facts) throws SQLException {
        Optional<Key> key = PrimaryKey.ofWalk(connection, Server.of(connection).dialect(), table);
        String order = order(table);
        ChunkSize size = new ChunkSize(PIECE, ROWS_MIN, ROWS_MAX);
        List<String> after = List.of();
        long done = 0;
        boolean isLeft = true;
        long beganNanos = System.nanoTime();
        listener.on(new Progress.Rows(TASK + facts.name(), 0, facts.rows(), 0, size.rows(), 0, false));
        while (isLeft) {
            breath.take();
            cancel.check();
            long pieceNanos = System.nanoTime();
            int rows = size.rows();
            int gone;
            if (key.isPresent()) {
                KeyRange piece = key.get().open(connection, after, rows);
                gone = delete(
                        quoted + " WHERE " + key.get().where(piece) + " ORDER BY "
                                + key.get().ordered(),
                        rows);
                after = piece.upTo();
                isLeft = !after.isEmpty();
                if (gone == 0) {
                    // Its order is not what it seems: what is left goes the other way.
                    key = Optional.empty();
                    isLeft = true;
                }
            } else {
                gone = delete(quoted + order, rows);
                isLeft = gone > 0;
            }
            size.took(Duration.ofNanos(System.nanoTime() - pieceNanos));
            done += gone;
            double seconds = Math.max(1, System.nanoTime() - beganNanos) / 1e9;
            listener.on(new Progress.Rows(
                    TASK + facts.name(),
                    done,
                    Math.max(done, facts.rows()),
                    done,
                    size.rows(),
                    done / seconds,
                    !isLeft));
        }
    }

    private int delete(String which, int rows) throws SQLException {
        try (Statement s = connection.createStatement()) {
            return s.executeUpdate("DELETE FROM " + which + " LIMIT " + rows);
        }
    }

    private String order(Table table) throws SQLException {
        Dialect dialect = Server.of(connection).dialect();
        List<Index> primary = Index.of(connection, table.name()).stream()
                .filter(Index::isPrimary)
                .toList();
        return primary.isEmpty()
                ? ""
                : " ORDER BY "
                        + primary.get(0).parts().stream()
                                .map(p -> dialect.quote(p.column()) + (p.isDescending() ? " DESC" : ""))
                                .collect(Collectors.joining(", "));
    }
}

package io.crossfade.migrator.mysql;

import io.crossfade.migrator.chunk.KeyColumn;
import io.crossfade.migrator.ghost.TableChange;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.model.Column;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Rows with NULL in the key by which rows are told apart. A unique key takes any number of them, so no copy can tell them
 * apart, and a run does not go on while there is one. Immutable.
 */
public final class NullKeys {
    private static final String REMEDY = "put values there or delete these rows";

    private final TableChange change;
    private final List<String> columns;

    public NullKeys(TableChange change) {
        this.change = change;
        this.columns = change.sourceKey().columns().stream()
                .map(KeyColumn::name)
                .filter(c -> change.source().column(c).map(Column::nullable).orElse(false))
                .toList();
    }

    /**
     * How many there are; the server is asked only where there can be some.
     *
     * @param check ends the question by throwing
     */
    public long count(Connection connection, Runnable check) throws SQLException {
        if (columns.isEmpty()) {
            return 0;
        }
        String sql = "SELECT COUNT(*) FROM " + change.sourceKey().indexed() + " WHERE "
                + columns.stream()
                        .map(c -> change.sourceKey().quoted(c) + " IS NULL")
                        .collect(Collectors.joining(" OR "));
        return LongRead.of(connection, check, s -> {
            try (ResultSet r = s.executeQuery(sql)) {
                r.next();
                return r.getLong(1);
            }
        });
    }

    /** Ends the run where there are some. */
    public void check(Connection connection, Runnable check) throws SQLException {
        long rows = count(connection, check);
        if (rows > 0) {
            throw MigrationException.stopped("stopped: change of "
                    + change.source().name() + "; " + seen(rows) + "; " + REMEDY + ", and run the same command again");
        }
    }

    /** {@code 3 rows have NULL in id, a column of the key "u", and …}. */
    public String seen(long rows) {
        return rows + " rows have NULL in " + String.join(" or ", columns) + " of the key \""
                + change.sourceKey().index() + "\", and cannot be told apart";
    }

    public static String remedy() {
        return REMEDY;
    }
}

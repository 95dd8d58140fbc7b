package io.crossfade.migrator.checksum;

import io.crossfade.migrator.chunk.Key;
import io.crossfade.migrator.chunk.KeyRange;
import io.crossfade.migrator.ghost.TableChange;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads checksums of both tables. Immutable. */
final class ChunkSums {
    private final TableChange change;
    private final RowHash hash;

    ChunkSums(TableChange change, RowHash hash) {
        this.change = change;
        this.hash = hash;
    }

    /** The rows of a range in three numbers. */
    record Sum(long rows, long xor, long sum) {}

    Sum source(Connection connection, KeyRange range) throws SQLException {
        return sum(connection, change.sourceKey(), hash.source(), range);
    }

    Sum ghost(Connection connection, KeyRange range) throws SQLException {
        return sum(connection, change.ghostKey(), hash.ghost(), range);
    }

    private static Sum sum(Connection connection, Key key, String hash, KeyRange range) throws SQLException {
        String sql = "SELECT COUNT(*), BIT_XOR(h), SUM(h) FROM (SELECT " + hash + " AS h FROM " + key.indexed()
                + " WHERE " + key.where(range) + ") rows_";
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery(sql)) {
            r.next();
            return new Sum(r.getLong(1), r.getLong(2), r.getLong(3));
        }
    }

    /** The checksum of each row of a range, by its key. */
    Map<List<String>, Long> sourceRows(Connection connection, KeyRange range) throws SQLException {
        return rows(
                connection,
                change.sourceKey(),
                hash.source(),
                change.sourceKey().where(range));
    }

    Map<List<String>, Long> ghostRows(Connection connection, KeyRange range) throws SQLException {
        return rows(
                connection, change.ghostKey(), hash.ghost(), change.ghostKey().where(range));
    }

    /** The checksum of each of these rows that is there. */
    Map<List<String>, Long> sourceRows(Connection connection, Collection<List<String>> keys) throws SQLException {
        return rows(
                connection,
                change.sourceKey(),
                hash.source(),
                change.sourceKey().in(keys));
    }

    Map<List<String>, Long> ghostRows(Connection connection, Collection<List<String>> keys) throws SQLException {
        return rows(
                connection, change.ghostKey(), hash.ghost(), change.ghostKey().in(keys));
    }

    private static Map<List<String>, Long> rows(Connection connection, Key key, String hash, String where)
            throws SQLException {
        Map<List<String>, Long> rows = new LinkedHashMap<>();
        String sql = "SELECT " + key.selected() + ", " + hash + " FROM " + key.indexed() + " WHERE " + where;
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery(sql)) {
            int place = key.columns().size() + 1;
            while (r.next()) {
                rows.put(key.read(r), r.getLong(place));
            }
        }
        return rows;
    }
}

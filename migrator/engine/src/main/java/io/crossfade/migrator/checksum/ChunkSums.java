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

/** Reads checksums of both tables: of the one in use, and of the one that is to be the same. Immutable. */
final class ChunkSums {
    private final Side used;
    private final Side shadow;

    private record Side(Key key, String hash) {}

    private ChunkSums(Side used, Side shadow) {
        this.used = used;
        this.shadow = shadow;
    }

    /** The source is in use, the ghost is to be the same. */
    static ChunkSums there(TableChange change, RowHash hash) {
        return new ChunkSums(new Side(change.sourceKey(), hash.source()), new Side(change.ghostKey(), hash.ghost()));
    }

    /** After the cut-over: what was the ghost is in use, and the source is brought up to date beside it. */
    static ChunkSums back(TableChange change, RowHash hash) {
        return new ChunkSums(new Side(change.ghostKey(), hash.ghost()), new Side(change.sourceKey(), hash.source()));
    }

    /** The key of the table in use. */
    Key key() {
        return used.key;
    }

    /**
     * Spreads a row's checksum over 64 bits before the rows are joined by XOR. CRC32 is linear: a bit that is lost in the same place of two
     * rows would cancel itself out, and a product with carries does not. Greatest prime below 2^32, so that nothing overflows.
     */
    private static final String SPREAD = "4294967291";

    /** The rows of a range in two numbers. */
    record Sum(long rows, String xor) {}

    Sum used(Connection connection, KeyRange range) throws SQLException {
        return sum(connection, used.key, used.hash, range);
    }

    Sum shadow(Connection connection, KeyRange range) throws SQLException {
        return sum(connection, shadow.key, shadow.hash, range);
    }

    private static Sum sum(Connection connection, Key key, String hash, KeyRange range) throws SQLException {
        // One use of the checksum: the server would compute it anew for each.
        String sql = "SELECT COUNT(*), BIT_XOR(" + hash + " * " + SPREAD + ") FROM " + key.indexed() + " WHERE "
                + key.where(range);
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery(sql)) {
            r.next();
            return new Sum(r.getLong(1), r.getString(2));
        }
    }

    /** The checksum of each row of a range, by its key. */
    Map<List<String>, Long> usedRows(Connection connection, KeyRange range) throws SQLException {
        return rows(connection, used.key, used.hash, used.key.where(range));
    }

    Map<List<String>, Long> shadowRows(Connection connection, KeyRange range) throws SQLException {
        return rows(connection, shadow.key, shadow.hash, shadow.key.where(range));
    }

    /** The checksum of each of these rows that is there. */
    Map<List<String>, Long> usedRows(Connection connection, Collection<List<String>> keys) throws SQLException {
        return rows(connection, used.key, used.hash, used.key.in(keys));
    }

    Map<List<String>, Long> shadowRows(Connection connection, Collection<List<String>> keys) throws SQLException {
        return rows(connection, shadow.key, shadow.hash, shadow.key.in(keys));
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

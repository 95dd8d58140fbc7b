package io.crossfade.state;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * The rows of a control table that end at a deadline of their own, as far as they have not: by themselves, or together with the
 * epoch. Where the table is not there, or not for this user, none stands.
 *
 * <p>One thread at a time.
 *
 * @param <T> what a row is
 */
final class StandingRows<T> {

    /** Reads a row from its first column on. */
    @FunctionalInterface
    interface Reading<T> {
        T read(ResultSet r, int first) throws SQLException;
    }

    /** The rows of the same instant as an epoch; 0 where there are no control tables. */
    record AtEpoch<T>(long epoch, List<T> rows) {}

    private final ControlSql sql;
    private final String table;
    private final String alias;
    private final String columns;
    private final Reading<T> reading;

    /**
     * @param alias what the table is called in {@code columns}, of which the first is never NULL
     */
    StandingRows(ControlSql sql, String table, String alias, String columns, Reading<T> reading) {
        this.sql = sql;
        this.table = table;
        this.alias = alias;
        this.columns = columns;
        this.reading = reading;
    }

    List<T> all() throws SQLException {
        try (Statement s = sql.connection().createStatement();
                ResultSet r = s.executeQuery("SELECT " + columns + " FROM " + table + " " + alias + " WHERE " + alias
                        + ".until_at > UTC_TIMESTAMP(3)")) {
            List<T> rows = new ArrayList<>();
            while (r.next()) {
                rows.add(reading.read(r, 1));
            }
            return rows;
        } catch (SQLException e) {
            if (ControlTables.isNotThere(e)) {
                return List.of();
            }
            throw e;
        }
    }

    /** By one statement, so that the epoch and the rows are of one instant. */
    AtEpoch<T> atEpoch() throws SQLException {
        long epoch = 0;
        List<T> rows = new ArrayList<>();
        try (Statement s = sql.connection().createStatement();
                ResultSet r = s.executeQuery("SELECT k.epoch, " + columns + " FROM crossfade_control k LEFT JOIN "
                        + table + " " + alias + " ON " + alias + ".until_at > UTC_TIMESTAMP(3) WHERE k.id = 1")) {
            while (r.next()) {
                epoch = r.getLong(1);
                if (r.getString(2) != null) {
                    rows.add(reading.read(r, 2));
                }
            }
        } catch (SQLException e) {
            if (!ControlTables.isNotThere(e)) {
                throw e;
            }
        }
        return new AtEpoch<>(epoch, rows);
    }
}

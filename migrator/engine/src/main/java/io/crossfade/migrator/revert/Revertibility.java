package io.crossfade.migrator.revert;

import io.crossfade.migrator.ghost.TableChange;
import io.crossfade.migrator.stream.LogPosition;
import io.crossfade.model.Column;
import io.crossfade.model.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether a table change can still be reverted, by all but its rows, which {@link Narrowing} looks at. Immutable.
 *
 * @param reasons why not, in words for the operator; empty where it can
 */
public record Revertibility(List<String> reasons) {

    public Revertibility {
        reasons = List.copyOf(reasons);
    }

    public boolean isPossible() {
        return reasons.isEmpty();
    }

    /**
     * Looks at the server as it stands now.
     *
     * @param from the log's position up to which the old table is known to be up to date
     */
    public static Revertibility of(Connection connection, TableChange change, LogPosition from) throws SQLException {
        List<String> reasons = new ArrayList<>();
        for (TableName name : List.of(change.old(), change.source().name())) {
            if (!isThere(connection, name)) {
                reasons.add("there is no table " + name + " any more");
            }
        }
        log(connection, from, reasons);
        triggers(connection, change.old(), reasons);
        for (Column column : change.source().columns()) {
            boolean isMapped =
                    change.pairs().stream().anyMatch(p -> p.source().name().equalsIgnoreCase(column.name()));
            if (!isMapped && !column.generated() && !column.nullable() && column.defaultSql() == null) {
                reasons.add("the old table's column " + column.name()
                        + " is NOT NULL without a default, and the new table has no value for it");
            }
        }
        for (String key :
                change.ghostKey().columns().stream().map(c -> c.name()).toList()) {
            boolean isComparable = change.pairs().stream()
                    .filter(p -> p.ghost().name().equalsIgnoreCase(key))
                    .anyMatch(Replay::isComparable);
            if (!isComparable) {
                reasons.add("the key's column " + key + " is new or has another type in the old table");
            }
        }
        if (change.hasTimeStampKey() && change.isZonedBack()) {
            reasons.add(
                    "the key holds a TIMESTAMP, which is read in UTC, and another column of the old table is converted or"
                            + " computed in the server's time zone");
        }
        return new Revertibility(reasons);
    }

    private static boolean isThere(Connection connection, TableName name) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement(
                "SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?")) {
            s.setString(1, name.schema());
            s.setString(2, name.table());
            try (ResultSet r = s.executeQuery()) {
                return r.next();
            }
        }
    }

    private static void log(Connection connection, LogPosition from, List<String> reasons) throws SQLException {
        from.purgedTo(connection)
                .ifPresent(first -> reasons.add("the change log was purged: the position is " + from.shown()
                        + ", the log begins with " + first));
    }

    /** They came along with the old table, and would do a second time what they or the new one's have done. */
    private static void triggers(Connection connection, TableName old, List<String> reasons) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement("SELECT TRIGGER_NAME FROM information_schema.TRIGGERS"
                + " WHERE EVENT_OBJECT_SCHEMA = ? AND EVENT_OBJECT_TABLE = ?")) {
            s.setString(1, old.schema());
            s.setString(2, old.table());
            try (ResultSet r = s.executeQuery()) {
                while (r.next()) {
                    reasons.add("the old table has the trigger " + r.getString(1) + ", which the replay would fire");
                }
            }
        }
    }
}

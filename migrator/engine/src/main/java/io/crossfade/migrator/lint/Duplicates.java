package io.crossfade.migrator.lint;

import io.crossfade.dialect.Dialect;
import io.crossfade.migrator.chunk.Key;
import io.crossfade.migrator.ghost.ColumnPair;
import io.crossfade.migrator.ghost.TableChange;
import io.crossfade.migrator.mysql.Index;
import io.crossfade.migrator.mysql.LongRead;
import io.crossfade.model.Column;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Rows that would meet in a unique key that is new. One scan and one sort of the table for each such key. */
final class Duplicates {

    private static final int KEYS_MAX = 5;

    /** A sort of some hundred million rows; what takes longer shows while it is copied. Judged, not measured. */
    private static final int SORT_SECONDS_MAX = 600;

    private final Connection connection;
    private final Dialect dialect;
    private final TableChange change;
    private final Runnable check;

    Duplicates(Connection connection, Dialect dialect, TableChange change, Runnable check) {
        this.connection = connection;
        this.dialect = dialect;
        this.change = change;
        this.check = check;
    }

    List<Finding> look(List<Index> ghostIndexes) throws SQLException {
        List<Finding> findings = new ArrayList<>();
        for (Index index : ghostIndexes) {
            List<String> columns = index.parts().stream().map(Index.Part::shown).toList();
            if (index.isUnique() && change.uniqueKeysAdded().contains(columns)) {
                look(index, findings);
            }
        }
        return findings;
    }

    private void look(Index index, List<Finding> findings) throws SQLException {
        String named = "unique key \"" + index.name() + "\" ("
                + index.parts().stream().map(Index.Part::shown).collect(Collectors.joining(", ")) + ")";
        List<String> values = new ArrayList<>();
        for (Index.Part part : index.parts()) {
            Optional<ColumnPair> pair = pair(part.column());
            Optional<Column> column = change.ghost().column(part.column());
            if (pair.isPresent() && column.isPresent()) {
                values.add(value(pair.get(), part));
            } else if (column.isEmpty()
                    || column.get().autoIncrement()
                    || column.get().generated()
                    || (column.get().nullable() && column.get().defaultSql() == null)) {
                findings.add(Finding.warn(
                        named + " is new, and whether rows meet in it is not to be seen beforehand",
                        "a row that does stops the run, and is named"));
                return;
            }
        }
        findings.add(Finding.warn(
                named + " is new: a row that meets another in it, now or while the copy runs, stops the run",
                "make sure that the application keeps it already"));
        if (!index.type().equals("BTREE")) {
            return;
        }
        try {
            count(named, values, findings);
        } catch (SQLTimeoutException e) {
            findings.add(Finding.warn(
                    "duplicates of " + named + " were looked for during " + SORT_SECONDS_MAX + " s, and not to the end",
                    "look for them at a quieter time"));
        }
    }

    private void count(String named, List<String> values, List<Finding> findings) throws SQLException {
        String list = values.isEmpty() ? "NULL" : String.join(", ", values);
        String noNull = values.isEmpty()
                ? "TRUE"
                : values.stream().map(v -> v + " IS NOT NULL").collect(Collectors.joining(" AND "));
        Key key = change.sourceKey();
        String groups =
                " FROM " + key.quotedTable() + " WHERE " + noNull + " GROUP BY " + list + " HAVING COUNT(*) > 1";
        LongRead.of(connection, check, s -> {
            s.setQueryTimeout(SORT_SECONDS_MAX);
            long rows;
            long met;
            try (ResultSet r = s.executeQuery(
                    "SELECT COUNT(*), COALESCE(SUM(n), 0) FROM (SELECT COUNT(*) AS n" + groups + ") AS g")) {
                r.next();
                met = r.getLong(1);
                rows = r.getLong(2);
            }
            if (met > 0) {
                findings.add(Finding.refuse(
                        rows + " rows share " + met + " values of " + named + ", among them " + examples(s, groups),
                        "mend these rows first"));
            }
            return met;
        });
    }

    /** Two rows of each group. */
    private String examples(Statement s, String groups) throws SQLException {
        String shown = change.sourceKey().columns().stream()
                .map(c -> "CONCAT('" + c.name().replace("\\", "").replace("'", "") + "=', " + dialect.quote(c.name())
                        + ")")
                .collect(Collectors.joining(", ", "CONCAT_WS(', ', ", ")"));
        List<String> keys = new ArrayList<>();
        try (ResultSet r = s.executeQuery("SELECT CAST(MIN(" + shown + ") AS CHAR), CAST(MAX(" + shown + ") AS CHAR)"
                + groups + " LIMIT " + KEYS_MAX)) {
            while (r.next()) {
                keys.add(r.getString(1) + " and " + r.getString(2));
            }
        }
        return String.join("; ", keys);
    }

    private String value(ColumnPair pair, Index.Part part) {
        String value = dialect.quote(pair.source().name());
        Column to = pair.ghost();
        if (!pair.isSameType() && to.isText() && to.charset() != null && to.collation() != null) {
            String text = pair.source().isText() ? value : "CAST(" + value + " AS CHAR)";
            value = "CONVERT(" + text + " USING " + to.charset() + ") COLLATE " + to.collation();
        }
        return part.prefixChars() > 0 ? "LEFT(" + value + ", " + part.prefixChars() + ")" : value;
    }

    private Optional<ColumnPair> pair(String ghostColumn) {
        return change.pairs().stream()
                .filter(p -> p.ghost().name().equalsIgnoreCase(ghostColumn))
                .findFirst();
    }
}

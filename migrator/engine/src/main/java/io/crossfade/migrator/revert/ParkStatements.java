package io.crossfade.migrator.revert;

import io.crossfade.dialect.Dialect;
import io.crossfade.migrator.chunk.KeyColumn;
import io.crossfade.migrator.ghost.ColumnPair;
import io.crossfade.migrator.ghost.TableChange;
import io.crossfade.migrator.row.Literals;
import io.crossfade.migrator.row.Row;
import io.crossfade.model.Column;
import io.crossfade.model.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The statements of the table that holds parked rows: what the new table has of them, by its own columns and types, and what only
 * the old table has.
 *
 * <p>Immutable.
 */
final class ParkStatements {
    /** In the order in which they came. */
    static final String ID = "_crossfade_id";

    /** Whether the old table had the row, so that there is something to keep. */
    private static final String HAS_KEPT = "_crossfade_kept";

    private final Dialect dialect;
    private final TableChange change;
    private final ReplayStatements rows;
    private final TableName table;
    private final List<Column> kept;

    ParkStatements(Dialect dialect, TableChange change, TableName table) {
        this.dialect = dialect;
        this.change = change;
        this.rows = new ReplayStatements(dialect, change);
        this.table = table;
        this.kept = change.source().columns().stream()
                .filter(c -> !c.generated()
                        && change.pairs().stream().noneMatch(p -> p.source().equals(c)))
                .toList();
    }

    String create() {
        List<String> parts = new ArrayList<>(List.of(
                dialect.quote(ID) + " BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY",
                dialect.quote(HAS_KEPT) + " TINYINT NOT NULL"));
        change.pairs().forEach(p -> parts.add(rows.definition(p.ghost())));
        for (int i = 0; i < kept.size(); i++) {
            parts.add(rows.definition(keptAt(i)));
        }
        // MariaDB has unique keys of whole texts, and no others.
        if (change.ghostKey().columns().stream()
                .map(c -> rows.pairOf(c.name()).ghost().baseType())
                .noneMatch(t -> t.endsWith("text") || t.endsWith("blob"))) {
            parts.add("KEY ("
                    + change.ghostKey().columns().stream()
                            .map(c -> dialect.quote(c.name()))
                            .collect(Collectors.joining(", "))
                    + ")");
        }
        return "CREATE TABLE IF NOT EXISTS " + quoted() + " (" + String.join(", ", parts)
                + ") ENGINE=InnoDB ROW_FORMAT=DYNAMIC";
    }

    /** A column for what the old table alone has; long texts stand outside the row, of which the other columns may fill all. */
    private Column keptAt(int i) {
        Column column = kept.get(i);
        String type =
                switch (column.baseType()) {
                    case "varchar" -> "longtext";
                    case "varbinary" -> "longblob";
                    default -> column.type();
                };
        return new Column(
                keptName(i), type, true, null, column.charset(), column.collation(), false, false, false, false, "");
    }

    private static String keptName(int i) {
        return "_crossfade_kept_" + i;
    }

    /** The row as it is now, with what the old table has of the one before. */
    String park(Row before, Row after) {
        return "INSERT INTO " + quoted() + " (" + columns() + listed(keptNames()) + ") SELECT 1, " + values(after)
                + listed(kept.stream().map(rows::name).toList()) + " FROM " + rows.old() + rows.where(before);
    }

    /** The row as it is now; the old table has none. */
    String add(Row after) {
        return "INSERT INTO " + quoted() + " (" + columns() + ") VALUES (0, " + values(after) + ")";
    }

    /** A newer image of a row that is parked. */
    String renew(Row before, Row after) {
        return "UPDATE " + quoted() + " SET "
                + change.pairs().stream()
                        .map(p -> name(p) + " = " + value(p, after))
                        .collect(Collectors.joining(", "))
                + where(before);
    }

    String forget(Row before) {
        return "DELETE FROM " + quoted() + where(before);
    }

    /** The next rows that are parked: their numbers and keys. */
    String next(long after, int atMost) {
        return "SELECT " + dialect.quote(ID) + ", " + change.ghostKey().selected() + " FROM " + quoted() + " WHERE "
                + dialect.quote(ID) + " > " + after + " ORDER BY " + dialect.quote(ID) + " LIMIT " + atMost;
    }

    /** Puts rows into the old table and takes them out of this one. */
    List<String> settle(List<Long> ids) {
        List<ColumnPair> written = rows.written();
        String into = "INSERT INTO " + rows.old() + " ("
                + written.stream().map(p -> dialect.quote(p.source().name())).collect(Collectors.joining(", "));
        String from = ") SELECT " + written.stream().map(this::name).collect(Collectors.joining(", "));
        String these = " FROM " + quoted() + " WHERE " + dialect.quote(ID) + " IN ("
                + ids.stream().map(String::valueOf).collect(Collectors.joining(", ")) + ")";
        String has = these + " AND " + dialect.quote(HAS_KEPT) + " = ";
        return List.of(
                into + from + has + "0",
                into
                        + listed(kept.stream().map(c -> dialect.quote(c.name())).toList())
                        + from + listed(keptNames()) + has + "1",
                "DELETE" + these);
    }

    private String columns() {
        return dialect.quote(HAS_KEPT) + ", "
                + change.pairs().stream().map(this::name).collect(Collectors.joining(", "));
    }

    private List<String> keptNames() {
        return IntStream.range(0, kept.size())
                .mapToObj(i -> dialect.quote(keptName(i)))
                .toList();
    }

    private static String listed(List<String> names) {
        return names.stream().map(n -> ", " + n).collect(Collectors.joining());
    }

    private String values(Row row) {
        return change.pairs().stream().map(p -> value(p, row)).collect(Collectors.joining(", "));
    }

    private String value(ColumnPair pair, Row row) {
        return Literals.of(pair.ghost(), row.value(rows.ghostIndex(pair)));
    }

    private String where(Row row) {
        return " WHERE "
                + change.ghostKey().columns().stream()
                        .map(KeyColumn::name)
                        .map(rows::pairOf)
                        .map(p -> name(p) + " = " + value(p, row))
                        .collect(Collectors.joining(" AND "));
    }

    private String name(ColumnPair pair) {
        return dialect.quote(pair.ghost().name());
    }

    private String quoted() {
        return dialect.quote(table.schema()) + "." + dialect.quote(table.table());
    }
}

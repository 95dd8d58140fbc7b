package io.crossfade.migrator.revert;

import io.crossfade.dialect.Dialect;
import io.crossfade.migrator.ghost.ColumnPair;
import io.crossfade.migrator.ghost.TableChange;
import io.crossfade.migrator.row.Literals;
import io.crossfade.migrator.row.Row;
import io.crossfade.model.Column;
import io.crossfade.model.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The statements that carry one row of the new table into the old one. Where a column's type differs, or the time zone decides about
 * a value, the row goes through a temporary table of the new structure, so that the server converts, as it did on the way forward:
 *
 * <pre>
 * UPDATE _t_del, _cf_staging SET _t_del.a = _cf_staging.b WHERE _t_del.id = 7
 * </pre>
 *
 * <p>Immutable.
 */
final class ReplayStatements {
    private static final String STAGING = "_crossfade_staging";

    private final Dialect dialect;
    private final TableChange change;
    private final String old;
    private final String staging;

    ReplayStatements(Dialect dialect, TableChange change) {
        this.dialect = dialect;
        this.change = change;
        this.old = quoted(change.old());
        this.staging = quoted(new TableName(change.old().schema(), STAGING));
    }

    List<String> createStaging() {
        return List.of(
                "DROP TEMPORARY TABLE IF EXISTS " + staging,
                "CREATE TEMPORARY TABLE " + staging + " ("
                        + change.pairs().stream()
                                .map(p -> definition(p.ghost()))
                                .collect(Collectors.joining(", "))
                        + ") ENGINE=InnoDB",
                "INSERT INTO " + staging + " () VALUES ()");
    }

    /** A column of a table beside, with the type alone. */
    String definition(Column column) {
        return dialect.quote(column.name()) + " " + column.type()
                + (column.charset() == null ? "" : " CHARACTER SET " + column.charset())
                + (column.collation() == null ? "" : " COLLATE " + column.collation()) + " NULL";
    }

    /** Whether rows go through the temporary table. */
    boolean isStaged() {
        return change.converts() || change.isZonedBack();
    }

    /**
     * Puts the row where the server can convert it, over the one before: rows that are deleted and inserted leave their marks there, which
     * every scan goes through until the transaction ends and longer. Nothing where no column is converted. The literals are in UTC.
     */
    List<String> stage(Row row) {
        if (!isStaged()) {
            return List.of();
        }
        List<String> statements = new ArrayList<>(List.of("UPDATE " + staging + " SET "
                + joined(
                        change.pairs(),
                        p -> dialect.quote(p.ghost().name()) + " = "
                                + Literals.of(p.ghost(), row.value(ghostIndex(p))))));
        if (change.isZonedBack()) {
            statements.add(0, "SET time_zone = '+00:00'");
            statements.add("SET time_zone = @@GLOBAL.time_zone");
        }
        return statements;
    }

    String insert(Row row) {
        List<ColumnPair> pairs = written();
        String into = "INSERT INTO " + old + " ("
                + joined(pairs, p -> dialect.quote(p.source().name())) + ") ";
        String values = joined(pairs, p -> value(p, row));
        return into + (isStaged() ? "SELECT " + values + " FROM " + staging : "VALUES (" + values + ")");
    }

    String update(Row before, Row after) {
        String set = joined(written(), p -> name(p.source()) + " = " + value(p, after));
        String kept = change.source().columns().stream()
                .filter(c -> c.onUpdateNow()
                        && change.pairs().stream().noneMatch(p -> p.source().equals(c)))
                .map(c -> ", " + name(c) + " = " + name(c))
                .collect(Collectors.joining());
        return "UPDATE " + old + (isStaged() ? ", " + staging : "") + " SET " + set + kept + where(before);
    }

    String delete(Row before) {
        return "DELETE FROM " + old + where(before);
    }

    static boolean isInteger(Column column) {
        return column.baseType().endsWith("int");
    }

    /** Whether a column of the key holds NULL, so that no condition finds this row alone. */
    boolean hasNullKey(Row row) {
        return change.ghostKey().columns().stream().anyMatch(c -> row.value(ghostIndex(pairOf(c.name()))) == null);
    }

    String where(Row row) {
        return " WHERE "
                + change.ghostKey().columns().stream()
                        .map(c -> pairOf(c.name()))
                        .map(p -> name(p.source()) + " = " + Literals.of(p.ghost(), row.value(ghostIndex(p))))
                        .collect(Collectors.joining(" AND "));
    }

    ColumnPair pairOf(String ghostColumn) {
        return change.pairs().stream()
                .filter(p -> p.ghost().name().equalsIgnoreCase(ghostColumn))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the key's column " + ghostColumn + " is new"));
    }

    /** Those that take values. */
    List<ColumnPair> written() {
        return change.pairs().stream().filter(p -> !p.source().generated()).toList();
    }

    private String value(ColumnPair pair, Row row) {
        return isStaged()
                ? staging + "." + dialect.quote(pair.ghost().name())
                : Literals.of(pair.ghost(), row.value(ghostIndex(pair)));
    }

    /** A pair knows its place in the source's rows; these are the ghost's. */
    int ghostIndex(ColumnPair pair) {
        return change.ghost().columns().indexOf(pair.ghost());
    }

    /** The old table, in quotes. */
    String old() {
        return old;
    }

    /** A column of the old table, in quotes. */
    String name(Column column) {
        return old + "." + dialect.quote(column.name());
    }

    private String quoted(TableName name) {
        return dialect.quote(name.schema()) + "." + dialect.quote(name.table());
    }

    private static String joined(List<ColumnPair> pairs, Function<ColumnPair, String> text) {
        return pairs.stream().map(text).collect(Collectors.joining(", "));
    }
}

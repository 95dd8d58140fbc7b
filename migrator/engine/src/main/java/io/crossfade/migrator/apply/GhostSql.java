package io.crossfade.migrator.apply;

import io.crossfade.dialect.Dialect;
import io.crossfade.migrator.chunk.KeyColumn;
import io.crossfade.migrator.ghost.ColumnPair;
import io.crossfade.migrator.ghost.TableChange;
import io.crossfade.migrator.row.Literals;
import io.crossfade.migrator.row.Row;
import io.crossfade.model.Column;
import io.crossfade.model.TableName;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The statements that put row images into the ghost. Where every column keeps its type a row is written as literals; else it
 * goes through a temporary table of the source's structure, so that the server converts it exactly as it converts the copy. So it
 * does where the server's time zone decides about a value: literals are in UTC.
 *
 * <p>Immutable.
 */
public final class GhostSql {
    private final Dialect dialect;
    private final TableChange change;
    private final String into;
    private final String stage;

    /**
     * @param into the table that is written: the ghost, by whatever name it has now
     */
    public GhostSql(Dialect dialect, TableChange change, TableName into) {
        this.dialect = dialect;
        this.change = change;
        this.into = quoted(into);
        // A cut-over of several tables has one session, and so one of these for each.
        String name = "crossfade_stage_" + Integer.toHexString(into.table().hashCode());
        this.stage = quoted(new TableName(change.ghost().name().schema(), name));
    }

    /** Whether rows go through the temporary table. */
    public boolean isStaged() {
        return change.converts() || change.isZoned();
    }

    /**
     * Makes the temporary table: the source's columns that are copied, as plain ones, without keys. It does not name the source, which
     * may be locked by the cut-over's other session; and it takes over no row format that a temporary table may not have.
     */
    public String createStage() {
        return createTemporary(
                stage, change.pairs().stream().map(ColumnPair::source).toList());
    }

    /** Makes another temporary table, of the ghost's columns that are compared, as plain ones. */
    public String createConverted(String quotedName) {
        return createTemporary(
                quotedName, change.compared().stream().map(ColumnPair::ghost).toList());
    }

    private String createTemporary(String quotedName, List<Column> columns) {
        return "CREATE TEMPORARY TABLE IF NOT EXISTS " + quotedName + " ("
                + columns.stream().map(this::definition).collect(Collectors.joining(", ")) + ") ENGINE=InnoDB";
    }

    private String definition(Column column) {
        return dialect.quote(column.name()) + " " + column.type()
                + (column.charset() == null ? "" : " CHARACTER SET " + column.charset())
                + (column.collation() == null ? "" : " COLLATE " + column.collation())
                + (column.nullable() ? " NULL" : " NOT NULL");
    }

    public String stage() {
        return stage;
    }

    public String clearStage() {
        return "DELETE FROM " + stage;
    }

    /**
     * Takes these keys out of the ghost, by its key: the server's statistics of a table that was empty a moment ago would have
     * it read the whole table. Only the multi-table form of DELETE lets the index be told.
     */
    public String delete(Collection<List<String>> keys) {
        return "DELETE " + into + " FROM " + into + " FORCE INDEX ("
                + dialect.quote(change.ghostKey().index()) + ") WHERE "
                + change.ghostKey().in(keys);
    }

    /** What stands before the rows of an INSERT of images. */
    public String insertHead() {
        return "INSERT INTO " + (isStaged() ? stage : into) + " ("
                + change.pairs().stream()
                        .map(p -> dialect.quote((isStaged() ? p.source() : p.ghost()).name()))
                        .collect(Collectors.joining(", "))
                + ") VALUES ";
    }

    /** One row of an INSERT of images, in parentheses. */
    public String values(Row row) {
        StringBuilder text = new StringBuilder("(");
        for (ColumnPair pair : change.pairs()) {
            if (text.length() > 1) {
                text.append(", ");
            }
            text.append(Literals.of(pair.source(), row.value(pair.sourceIndex())));
        }
        return text.append(')').toString();
    }

    /**
     * Whether the session is in the server's own time zone, so that the literals of the temporary table, which are in UTC, need
     * another one for a moment. Not the other way round: the server computes a row that is taken out, too, to find it in an
     * index.
     */
    public boolean isZoned() {
        return change.isZoned();
    }

    /** Puts what is in the temporary table into the ghost. */
    public String insertStaged() {
        return "INSERT INTO " + into + " (" + ghostColumns() + ") SELECT " + sourceColumns() + " FROM " + stage;
    }

    /** The ghost's columns that take values, as a list. */
    public String ghostColumns() {
        return change.pairs().stream().map(p -> dialect.quote(p.ghost().name())).collect(Collectors.joining(", "));
    }

    /** What each of them takes, as a list. */
    public String sourceColumns() {
        return change.pairs().stream()
                .map(p -> dialect.quote(p.source().name()))
                .collect(Collectors.joining(", "));
    }

    /** What tells rows apart, for the operator. */
    String keyColumns() {
        return change.sourceKey().columns().stream().map(KeyColumn::name).collect(Collectors.joining(", "));
    }

    private String quoted(TableName table) {
        return dialect.quote(table.schema()) + "." + dialect.quote(table.table());
    }
}

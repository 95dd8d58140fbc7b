package io.crossfade.migrator.apply;

import io.crossfade.dialect.Dialect;
import io.crossfade.migrator.ghost.ColumnPair;
import io.crossfade.migrator.ghost.TableChange;
import io.crossfade.migrator.row.Literals;
import io.crossfade.migrator.row.Row;
import io.crossfade.model.TableName;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The statements that put row images into the ghost. Where every column keeps its type a row is written as literals; else it
 * goes through a temporary table of the source's structure, so that the server converts it exactly as it converts the copy.
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
        this.stage = quoted(new TableName(change.ghost().name().schema(), "crossfade_stage"));
    }

    /** Whether rows go through the temporary table. */
    public boolean isStaged() {
        return change.converts();
    }

    /** {@code CREATE TEMPORARY TABLE … LIKE source}. */
    public String createStage() {
        return "CREATE TEMPORARY TABLE IF NOT EXISTS " + stage + " LIKE "
                + quoted(change.source().name());
    }

    public String stage() {
        return stage;
    }

    public String clearStage() {
        return "DELETE FROM " + stage;
    }

    /** Takes these keys out of the ghost. */
    public String delete(Collection<List<String>> keys) {
        return "DELETE FROM " + into + " WHERE " + change.ghostKey().in(keys);
    }

    /** What stands before the rows of an INSERT of images. */
    public String insertHead() {
        List<ColumnPair> written = written();
        return "INSERT INTO " + (isStaged() ? stage : into) + " ("
                + written.stream()
                        .map(p -> dialect.quote((isStaged() ? p.source() : p.ghost()).name()))
                        .collect(Collectors.joining(", "))
                + ") VALUES ";
    }

    /** One row of an INSERT of images, in parentheses. */
    public String values(Row row) {
        StringBuilder text = new StringBuilder("(");
        for (ColumnPair pair : written()) {
            if (text.length() > 1) {
                text.append(", ");
            }
            text.append(Literals.of(pair.source(), row.value(pair.sourceIndex())));
        }
        return text.append(')').toString();
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

    /** A generated column of the source computes itself in the temporary table too. */
    private List<ColumnPair> written() {
        return isStaged()
                ? change.pairs().stream().filter(p -> !p.source().generated()).toList()
                : change.pairs();
    }

    private String quoted(TableName table) {
        return dialect.quote(table.schema()) + "." + dialect.quote(table.table());
    }
}

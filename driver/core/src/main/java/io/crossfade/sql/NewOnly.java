package io.crossfade.sql;

import io.crossfade.dialect.Dialect;
import io.crossfade.dialect.TokenKind;
import io.crossfade.dialect.Tokens;
import io.crossfade.model.Column;
import io.crossfade.model.Expression;
import io.crossfade.model.Mapping;
import io.crossfade.model.NewColumn;
import io.crossfade.model.OldColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * From complete on a write in old names goes to the new columns alone: the value is mapped where it stands. Each parameter
 * mark must be used once, in its place; what cannot be done so is refused.
 */
final class NewOnly {

    /** Stands for the user's value while SQL is made around it; no SQL has it. */
    private static final String VALUE = "\u0001";

    private final Tokens tokens;
    private final Dialect dialect;
    private final ChangingTable table;
    private final String verb;

    NewOnly(Tokens tokens, Dialect dialect, ChangingTable table, String verb) {
        this.tokens = tokens;
        this.dialect = dialect;
        this.table = table;
        this.verb = verb;
    }

    /** The one new column that takes the value of this old one; refuses where there are several. */
    NewColumn target(Mapping mapping, String old) {
        if (mapping.news().size() != 1) {
            throw Refusals.refused(
                    "old-column-gone",
                    verb,
                    table,
                    "\"" + old + "\" has become several columns",
                    "write "
                            + String.join(
                                    ", ",
                                    mapping.news().stream().map(NewColumn::name).toList()));
        }
        return mapping.news().get(0);
    }

    /**
     * The edits that make a value for the new column of one that was meant for the old, which stands at these tokens.
     *
     * @param other how the other old columns of the mapping are read
     */
    List<Edit> value(Mapping mapping, String old, int from, int to, UnaryOperator<String> other) {
        boolean isDefault = to == from + 1 && tokens.isWord(from, "DEFAULT");
        if (mapping.isIdentity() || (isDefault && mapping.olds().size() == 1)) {
            return List.of();
        }
        NewColumn target = target(mapping, old);
        Expression up = target.up();
        if (up == null) {
            throw new IllegalStateException("column " + target.name() + " has no expression");
        }
        OldColumn column = ChangingTable.oldColumn(mapping, old);
        if (isDefault) {
            // The new column's default would take the other old columns' parts with it.
            String byDefault = defaultOf(mapping, column);
            String sql = dialect.render(up, name -> name.equalsIgnoreCase(old) ? byDefault : other.apply(name));
            return List.of(Edit.replace(from, to, sql));
        }
        String cast = dialect.cast(VALUE, table.sides(mapping).oldColumn(column));
        String value = cast == null ? "(" + VALUE + ")" : cast;
        boolean once = dialect.uses(up, old) <= 1;
        if (once || isPlainLiteral(from, to)) {
            return around(dialect.render(up, name -> name.equalsIgnoreCase(old) ? value : other.apply(name)), from, to);
        }
        if (mapping.olds().size() == 1 && standsAlone(from, to)) {
            // A derived table evaluates the value once and lets the expression use it as often as it likes.
            String quoted = dialect.quote(old);
            String mapped = dialect.render(up, name -> "`crossfade_value`." + dialect.quote(name));
            return around(
                    "(SELECT " + mapped + " FROM (SELECT " + value + " AS " + quoted + ") `crossfade_value`)",
                    from,
                    to);
        }
        throw Refusals.refused(
                "old-column-gone",
                verb,
                table,
                "the value of \"" + old + "\" would have to be computed more than once",
                "write \"" + target.name() + "\" instead");
    }

    private String defaultOf(Mapping mapping, OldColumn old) {
        Column column = table.sides(mapping).oldColumn(old);
        String byDefault = column.defaultSql() == null ? "NULL" : column.defaultSql();
        String cast = dialect.cast(byDefault, column);
        return cast == null ? "(" + byDefault + ")" : cast;
    }

    /** Puts SQL around a value that may hold edits of its own; a literal that is used more than once is copied. */
    private static List<Edit> around(String sql, int from, int to) {
        List<String> pieces = List.of(sql.split(VALUE, -1));
        if (pieces.size() == 2) {
            return List.of(Edit.before(from, pieces.get(0)), Edit.after(to - 1, pieces.get(1)));
        }
        List<Edit.Part> parts = new ArrayList<>();
        for (int i = 0; i < pieces.size(); i++) {
            if (i > 0) {
                parts.add(new Edit.Copy(from, to));
            }
            parts.add(new Edit.Text(pieces.get(i)));
        }
        return List.of(new Edit(from, to, false, parts));
    }

    private boolean isPlainLiteral(int from, int to) {
        return to == from + 1 && (tokens.kind(from) == TokenKind.STRING || tokens.kind(from) == TokenKind.NUMBER);
    }

    /** Whether the value names no column, so that it may move into a derived table. */
    private boolean standsAlone(int from, int to) {
        for (int i = from; i < to; i++) {
            boolean function = tokens.kind(i) == TokenKind.WORD && tokens.isSymbol(i + 1, '(');
            if (tokens.isName(i) && !function && !tokens.isWord(i, "NULL")) {
                return false;
            }
        }
        return true;
    }
}

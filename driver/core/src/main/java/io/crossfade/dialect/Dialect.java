package io.crossfade.dialect;

import io.crossfade.model.Column;
import io.crossfade.model.Expression;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What differs between servers, as far as SQL text goes. One implementation for MySQL and MariaDB; PostgreSQL's place is
 * beside it. Immutable.
 */
public interface Dialect {

    /** The tokens of a text under the session's sql_mode. */
    Tokens lex(String sql, SqlMode mode);

    /** The identifier in quotes. */
    String quote(String identifier);

    /**
     * The one rendering of an {@code up} or {@code down} expression: every column that it names is replaced by what
     * {@code naming} gives for it, and the whole is put in parentheses where it is more than one term.
     *
     * @param naming SQL for a column name, such as {@code `orders`.`status`}, {@code VALUES(`status`)} or {@code CAST(? AS
     *     CHAR(20))}; asked with the name as the expression spells it
     */
    String render(Expression expression, UnaryOperator<String> naming);

    /** How often the expression names this column. */
    int uses(Expression expression, String column);

    /**
     * SQL that turns a value into what storing it in this column and reading it again would give; null where the server has
     * no cast to its type.
     */
    @Nullable
    String cast(String sql, Column column);

    /** SQL that is true where both values are the same to the byte, or both NULL; never NULL itself. */
    String same(String one, String other, Column column);

    /**
     * The expression without failure: a cast of text to a number that the text does not spell gives NULL instead of the
     * error that strict mode makes of it. The same expression where there is nothing to mend.
     *
     * @param target the column that takes the value
     * @param isText whether a column that the expression may name holds text
     */
    Expression total(Expression expression, Column target, Predicate<String> isText);

    /** Whether the server has columns that {@code SELECT *} leaves out, which the migrator then uses. */
    boolean hidesColumns();

    /** Whether a locking read can pass over the rows that others have locked, by {@code SKIP LOCKED}. */
    boolean skipsLocked();

    /** Whether the server can be trusted to read several intervals of an index in one statement. */
    boolean readsIntervals();

    /** Whether this bare word may stand where a column may stand and mean something else. */
    boolean isKeyword(String word);
}

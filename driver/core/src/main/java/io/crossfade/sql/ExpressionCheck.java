package io.crossfade.sql;

import io.crossfade.dialect.Dialect;
import io.crossfade.dialect.SqlMode;
import io.crossfade.dialect.TokenKind;
import io.crossfade.dialect.Tokens;
import io.crossfade.model.Expression;
import io.crossfade.model.Table;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Looks an {@code up} or {@code down} expression over before anything is built on it: whether it parses, whether the same
 * values always give the same result, and which columns it names.
 */
public final class ExpressionCheck {

    /** Functions whose result does not follow from their arguments. */
    private static final Set<String> VOLATILE = Set.of(
            "rand",
            "random",
            "uuid",
            "uuid_short",
            "uuid_v4",
            "uuid_v7",
            "sys_guid",
            "now",
            "sysdate",
            "curdate",
            "curtime",
            "current_date",
            "current_time",
            "current_timestamp",
            "localtime",
            "localtimestamp",
            "utc_date",
            "utc_time",
            "utc_timestamp",
            "unix_timestamp",
            "connection_id",
            "current_user",
            "session_user",
            "system_user",
            "user",
            "current_role",
            "database",
            "schema",
            "version",
            "last_insert_id",
            "found_rows",
            "row_count",
            "sleep",
            "benchmark",
            "get_lock",
            "release_lock",
            "is_free_lock",
            "is_used_lock",
            "master_pos_wait",
            "load_file",
            "random_bytes",
            "nextval",
            "lastval",
            "values",
            "default");

    private final Dialect dialect;

    public ExpressionCheck(Dialect dialect) {
        this.dialect = dialect;
    }

    /** What is wrong with the expression, as a clause that can stand in a message; empty where nothing is. */
    public Optional<String> fault(Expression expression) {
        String probe = "SELECT " + expression.sql();
        Tokens tokens = dialect.lex(probe, SqlMode.DEFAULT);
        if (tokens.isBroken()) {
            return Optional.of("a quote or a comment is not closed");
        }
        for (int i = 1; i < tokens.size(); i++) {
            Optional<String> fault = fault(tokens, i);
            if (fault.isPresent()) {
                return fault;
            }
        }
        try {
            SqlParser.parse(tokens);
            return Optional.empty();
        } catch (NotUnderstoodException e) {
            return Optional.of("it does not parse");
        }
    }

    private static Optional<String> fault(Tokens tokens, int i) {
        String text = tokens.text(i);
        if (tokens.kind(i) == TokenKind.PARAMETER) {
            return Optional.of("it holds a parameter mark");
        }
        if (tokens.kind(i) == TokenKind.VARIABLE) {
            return Optional.of("it reads the variable " + text + ", so that it is not deterministic");
        }
        if (tokens.isSymbol(i, '|') && tokens.isSymbol(i + 1, '|')) {
            return Optional.of("it holds ||, which sql_mode makes OR or CONCAT; write which of them is meant");
        }
        if (tokens.kind(i) == TokenKind.STRING && (text.startsWith("\"") || text.indexOf('\\') >= 0)) {
            return Optional.of(
                    "it holds a string that sql_mode decides how to read; use single quotes and no backslash");
        }
        if (tokens.isSymbol(i, ';')) {
            return Optional.of("it holds a semicolon");
        }
        if (tokens.isSymbol(i, '.')) {
            return Optional.of("it qualifies a column; name columns bare");
        }
        if (tokens.isWord(i, "SELECT") || tokens.isWord(i, "OVER")) {
            return Optional.of("it reads more than its own row");
        }
        String word = text.toLowerCase(Locale.ROOT);
        boolean called = tokens.isSymbol(i + 1, '(')
                || word.startsWith("current_")
                || word.startsWith("local")
                || word.startsWith("utc_");
        if (tokens.kind(i) == TokenKind.WORD && called && VOLATILE.contains(word)) {
            return Optional.of("it calls " + text + ", so that it is not deterministic");
        }
        return Optional.empty();
    }

    /** The columns of the table that the expression names, in the catalog's spelling. */
    public Set<String> columns(Expression expression, Table table) {
        Set<String> names = new LinkedHashSet<>();
        dialect.render(expression, name -> {
            table.column(name).ifPresent(c -> names.add(c.name()));
            return name;
        });
        return names;
    }

    /** The names in the expression that stand where columns stand and are none of the table's. */
    public Set<String> unknownColumns(Expression expression, Table table) {
        Set<String> names = new LinkedHashSet<>();
        dialect.render(expression, name -> {
            if (!table.has(name)) {
                names.add(name);
            }
            return name;
        });
        return names;
    }
}

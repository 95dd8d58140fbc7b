package io.crossfade.dialect;

import io.crossfade.model.Column;
import io.crossfade.model.Expression;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** MySQL 5.7 and later, MariaDB 10.6 and later. Immutable. */
public final class MySqlDialect implements Dialect {

    private static final Pattern VERSION = Pattern.compile("(?:5\\.5\\.5-)?(\\d+)\\.(\\d+)\\.(\\d+)");
    private static final Pattern LENGTH = Pattern.compile("\\(\\s*(\\d+)\\s*(?:,\\s*(\\d+)\\s*)?\\)");

    /** MySQL casts to FLOAT and DOUBLE from here on; MariaDB casts to DOUBLE in every version that we serve. */
    private static final int DOUBLE_CAST_SINCE = 80017;

    /** INVISIBLE columns came with MySQL 8.0.23 and MariaDB 10.3. */
    private static final int INVISIBLE_SINCE = 80023;

    private static final int INVISIBLE_SINCE_MARIADB = 100300;

    /** SKIP LOCKED came with MySQL 8.0.1 and MariaDB 10.6. */
    private static final int SKIP_LOCKED_SINCE = 80001;

    private static final int SKIP_LOCKED_SINCE_MARIADB = 100600;

    /** Of several intervals MySQL 5.7.22 left out rows. */
    private static final int INTERVALS_SINCE = 80000;

    /** Words that stand where a column may stand and are none. Functions are known by their parenthesis. */
    private static final Set<String> NOT_COLUMNS = Set.of(
            "and",
            "as",
            "ascii",
            "between",
            "binary",
            "both",
            "by",
            "case",
            "char",
            "character",
            "charset",
            "collate",
            "date",
            "datetime",
            "day",
            "decimal",
            "desc",
            "distinct",
            "div",
            "double",
            "else",
            "end",
            "escape",
            "false",
            "float",
            "for",
            "from",
            "hour",
            "in",
            "int",
            "integer",
            "interval",
            "is",
            "json",
            "leading",
            "like",
            "microsecond",
            "minute",
            "mod",
            "month",
            "not",
            "null",
            "or",
            "order",
            "quarter",
            "real",
            "regexp",
            "rlike",
            "second",
            "separator",
            "set",
            "signed",
            "sounds",
            "then",
            "time",
            "timestamp",
            "trailing",
            "true",
            "unknown",
            "unsigned",
            "using",
            "week",
            "when",
            "xor",
            "year",
            "current_timestamp",
            "current_date",
            "current_time",
            "localtime",
            "localtimestamp");

    private final int version;
    private final boolean mariaDb;

    private MySqlDialect(int version, boolean mariaDb) {
        this.version = version;
        this.mariaDb = mariaDb;
    }

    /**
     * The dialect of a server.
     *
     * @param versionString what {@code SELECT VERSION()} gives, such as {@code 8.0.15} or {@code 11.4.5-MariaDB-log}
     */
    public static MySqlDialect of(String versionString) {
        Matcher m = VERSION.matcher(versionString);
        if (!m.lookingAt()) {
            throw new IllegalArgumentException("cannot read the server's version: \"" + versionString
                    + "\"; a MySQL or MariaDB server is expected");
        }
        int number = Integer.parseInt(m.group(1)) * 10000
                + Integer.parseInt(m.group(2)) * 100
                + Integer.parseInt(m.group(3));
        return new MySqlDialect(number, versionString.toLowerCase(Locale.ROOT).contains("mariadb"));
    }

    /** The version as in executable comments: 80015 for 8.0.15, 110405 for 11.4.5. */
    public int version() {
        return version;
    }

    public boolean isMariaDb() {
        return mariaDb;
    }

    @Override
    public Tokens lex(String sql, SqlMode mode) {
        return Lexer.lex(sql, mode, version, mariaDb);
    }

    @Override
    public String quote(String identifier) {
        return "`" + identifier.replace("`", "``") + "`";
    }

    @Override
    public String render(Expression expression, UnaryOperator<String> naming) {
        Tokens tokens = lex(expression.sql(), SqlMode.DEFAULT);
        StringBuilder sql = new StringBuilder(expression.sql().length() + 32).append('(');
        int from = 0;
        for (int i = 0; i < tokens.size(); i++) {
            if (isColumn(tokens, i)) {
                sql.append(expression.sql(), from, tokens.start(i)).append(naming.apply(tokens.name(i)));
                from = tokens.end(i);
            }
        }
        return sql.append(expression.sql(), from, expression.sql().length())
                .append(')')
                .toString();
    }

    @Override
    public int uses(Expression expression, String column) {
        Tokens tokens = lex(expression.sql(), SqlMode.DEFAULT);
        int uses = 0;
        for (int i = 0; i < tokens.size(); i++) {
            if (isColumn(tokens, i) && tokens.isNamed(i, column)) {
                uses++;
            }
        }
        return uses;
    }

    /** A name that is no function, no keyword, no type, no charset introducer, and no part of a qualified name. */
    private static boolean isColumn(Tokens tokens, int i) {
        if (tokens.kind(i) == TokenKind.QUOTED) {
            return true;
        }
        if (tokens.kind(i) != TokenKind.WORD || tokens.isSymbol(i + 1, '(')) {
            return false;
        }
        if (tokens.isWord(i - 1, "COLLATE") || tokens.isWord(i - 1, "USING") || tokens.isWord(i - 1, "SET")) {
            return false;
        }
        boolean introducer = i + 1 < tokens.size() && tokens.kind(i + 1) == TokenKind.STRING;
        return !introducer && !NOT_COLUMNS.contains(tokens.text(i).toLowerCase(Locale.ROOT));
    }

    @Override
    public @Nullable String cast(String sql, Column column) {
        String type = column.type().toLowerCase(Locale.ROOT);
        String length = lengthOf(type);
        boolean unsigned = type.contains("unsigned");
        return switch (column.baseType()) {
            case "char", "varchar" -> text(sql, column, "CHAR" + length);
            case "tinytext", "text", "mediumtext", "longtext", "enum", "set" -> text(sql, column, "CHAR");
            case "tinyint", "smallint", "mediumint", "int", "integer", "bigint", "bool", "boolean" ->
                "CAST(" + sql + " AS " + (unsigned ? "UNSIGNED" : "SIGNED") + ")";
            case "decimal", "numeric", "dec" -> "CAST(" + sql + " AS DECIMAL" + length + ")";
            case "date" -> "CAST(" + sql + " AS DATE)";
            case "datetime", "timestamp" -> "CAST(" + sql + " AS DATETIME" + length + ")";
            case "time" -> "CAST(" + sql + " AS TIME" + length + ")";
            case "binary", "varbinary" -> "CAST(" + sql + " AS BINARY" + length + ")";
            case "tinyblob", "blob", "mediumblob", "longblob" -> "CAST(" + sql + " AS BINARY)";
            case "double", "real" -> mariaDb || version >= DOUBLE_CAST_SINCE ? "CAST(" + sql + " AS DOUBLE)" : null;
            case "json" -> mariaDb ? sql : "CAST(" + sql + " AS JSON)";
            default -> null;
        };
    }

    private static String text(String sql, Column column, String type) {
        String charset = column.charset() == null ? "" : " CHARACTER SET " + column.charset();
        String collate = column.collation() == null ? "" : " COLLATE " + column.collation();
        String cast = "CAST(" + sql + " AS " + type + charset + ")" + collate;
        return collate.isEmpty() ? cast : "(" + cast + ")";
    }

    private static String lengthOf(String type) {
        Matcher m = LENGTH.matcher(type);
        return m.find() ? m.group().replace(" ", "") : "";
    }

    @Override
    public String same(String one, String other, Column column) {
        if (column.isText()) {
            // utf8mb4 holds every other character set, and BINARY is exact: no collation, no padding.
            return "(CAST(CONVERT(" + one + " USING utf8mb4) AS BINARY) <=> CAST(CONVERT(" + other
                    + " USING utf8mb4) AS BINARY))";
        }
        return "(" + one + " <=> " + other + ")";
    }

    @Override
    public Expression total(Expression expression, Column target, Predicate<String> isText) {
        return TotalCast.mend(this, expression, target, isText);
    }

    @Override
    public boolean hidesColumns() {
        return version >= (mariaDb ? INVISIBLE_SINCE_MARIADB : INVISIBLE_SINCE);
    }

    @Override
    public boolean skipsLocked() {
        return version >= (mariaDb ? SKIP_LOCKED_SINCE_MARIADB : SKIP_LOCKED_SINCE);
    }

    @Override
    public boolean readsIntervals() {
        return version >= INTERVALS_SINCE || mariaDb;
    }

    @Override
    public boolean isKeyword(String word) {
        return NOT_COLUMNS.contains(word.toLowerCase(Locale.ROOT));
    }
}

package io.crossfade.model;

import org.jspecify.annotations.Nullable;

/**
 * A column as the server's catalog shows it. Immutable.
 *
 * @param name its name in the catalog's spelling
 * @param type the full type, such as {@code varchar(20)} or {@code int unsigned}
 * @param nullable whether it may hold NULL
 * @param defaultSql its default as SQL that may stand in DDL (quoted literal or expression); null where there is none
 * @param charset character set of a text column, else null
 * @param collation collation of a text column, else null
 * @param onUpdateNow whether it says ON UPDATE CURRENT_TIMESTAMP
 * @param generated whether it is a generated column
 * @param autoIncrement whether it is AUTO_INCREMENT
 * @param invisible whether {@code SELECT *} leaves it out
 * @param comment its comment, empty where there is none
 */
public record Column(
        String name,
        String type,
        boolean nullable,
        @Nullable String defaultSql,
        @Nullable String charset,
        @Nullable String collation,
        boolean onUpdateNow,
        boolean generated,
        boolean autoIncrement,
        boolean invisible,
        String comment) {

    /** A plain NULLable column, for tables that are only imagined: in tests and lints. */
    public static Column plain(String name, String type) {
        return new Column(name, type, true, null, null, null, false, false, false, false, "");
    }

    public Column withName(String other) {
        return new Column(
                other,
                type,
                nullable,
                defaultSql,
                charset,
                collation,
                onUpdateNow,
                generated,
                autoIncrement,
                invisible,
                comment);
    }

    /** The first word of the type in lower case: {@code varchar}, {@code int}, {@code datetime}. */
    public String baseType() {
        int end = 0;
        while (end < type.length() && Character.isLetterOrDigit(type.charAt(end))) {
            end++;
        }
        return type.substring(0, end).toLowerCase(java.util.Locale.ROOT);
    }

    public boolean isText() {
        return switch (baseType()) {
            case "char", "varchar", "tinytext", "text", "mediumtext", "longtext", "enum", "set" -> true;
            default -> false;
        };
    }
}

package io.crossfade.migrator.mysql;

import io.crossfade.model.Column;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The harmless value that stands in a NOT NULL column that nobody writes any more. */
final class ImplicitDefault {

    private static final Pattern FIRST_MEMBER = Pattern.compile("\\(('(?:[^']|'')*')");

    /** Expression defaults, which TEXT, BLOB and JSON need. */
    private static final int EXPRESSIONS_SINCE = 80013;

    private ImplicitDefault() {}

    /** SQL for a DEFAULT clause; empty where the type takes none. */
    static Optional<String> of(Server server, Column column) {
        return switch (column.baseType()) {
            case "tinyint", "smallint", "mediumint", "int", "bigint", "decimal", "float", "double" -> Optional.of("0");
            case "bit" -> Optional.of("b'0'");
            case "char", "varchar", "binary", "varbinary", "set" -> Optional.of("''");
            case "enum" -> {
                Matcher m = FIRST_MEMBER.matcher(column.type());
                yield m.find() ? Optional.of(m.group(1)) : Optional.empty();
            }
            case "date" -> Optional.of("'1970-01-02'");
            case "datetime", "timestamp" -> Optional.of("'1970-01-02 00:00:00'");
            case "time" -> Optional.of("'00:00:00'");
            case "year" -> Optional.of("1970");
            case "tinytext", "text", "mediumtext", "longtext", "tinyblob", "blob", "mediumblob", "longblob" ->
                server.isMariaDb()
                        ? Optional.of("''")
                        : server.dialect().version() >= EXPRESSIONS_SINCE ? Optional.of("('')") : Optional.empty();
            case "json" ->
                !server.isMariaDb() && server.dialect().version() >= EXPRESSIONS_SINCE
                        ? Optional.of("('null')")
                        : Optional.empty();
            default -> Optional.empty();
        };
    }
}

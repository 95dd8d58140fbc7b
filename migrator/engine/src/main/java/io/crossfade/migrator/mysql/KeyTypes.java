package io.crossfade.migrator.mysql;

import io.crossfade.model.Column;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whether a key column keeps telling the same rows apart, in the same order, when its type becomes another. Both matter: a row
 * is found by its key on either side, and a range of keys must hold the same rows on both.
 */
final class KeyTypes {

    private static final Pattern NUMBERS = Pattern.compile("\\((\\d+)(?:,(\\d+))?\\)");
    private static final List<String> INTEGERS = List.of("tinyint", "smallint", "mediumint", "int", "bigint");

    /** From here on MySQL's own collations do not pad: {@code 'a'} and {@code 'a '} are two keys. */
    private static final String NO_PAD = "0900";

    private KeyTypes() {}

    /** Whether every two different values stay different, equal ones equal, and their order the same. */
    static boolean areAlike(Column source, Column ghost) {
        String from = source.baseType();
        String to = ghost.baseType();
        if (INTEGERS.contains(from)) {
            return INTEGERS.contains(to) || (to.equals("decimal") && number(ghost, 1) - number(ghost, 2) >= 1);
        }
        return switch (from) {
            case "decimal" -> to.equals("decimal") && number(ghost, 2) >= number(source, 2);
            case "date" -> to.equals("date") || to.equals("datetime");
            case "datetime", "timestamp", "time" -> to.equals(from) && number(ghost, 1) >= number(source, 1);
            case "enum" -> to.equals("enum") && sameText(source, ghost) && begins(source, ghost);
            case "set" -> to.equals("set") && sameText(source, ghost) && begins(source, ghost);
            case "bit" -> to.equals("bit") && number(ghost, 1) >= number(source, 1);
            case "binary" -> to.equals("binary") && number(ghost, 1) >= number(source, 1);
            case "varbinary", "tinyblob", "blob", "mediumblob", "longblob" ->
                to.equals("varbinary") || to.endsWith("blob");
            case "char", "varchar", "tinytext", "text", "mediumtext", "longtext" -> isText(to) && texts(source, ghost);
            default -> source.type().equalsIgnoreCase(ghost.type()) && sameText(source, ghost);
        };
    }

    private static boolean texts(Column source, Column ghost) {
        boolean isPadded = source.baseType().equals("char") == ghost.baseType().equals("char");
        return sameText(source, ghost) && (isPadded || pads(source.collation()));
    }

    private static boolean isText(String base) {
        return base.equals("char") || base.equals("varchar") || base.endsWith("text");
    }

    private static boolean pads(@Nullable String collation) {
        return collation != null && !collation.contains(NO_PAD) && !collation.contains("nopad");
    }

    /** The same collation, or the same rules for a character set that holds more. */
    private static boolean sameText(Column source, Column ghost) {
        @Nullable String from = source.collation();
        @Nullable String to = ghost.collation();
        if (from == null || to == null) {
            return from == null && to == null;
        }
        return from.equalsIgnoreCase(to)
                || (isUtf8(from) && isUtf8(to) && rules(from).equals(rules(to)));
    }

    private static boolean isUtf8(String collation) {
        return collation.startsWith("utf8_") || collation.startsWith("utf8mb3_") || collation.startsWith("utf8mb4_");
    }

    private static String rules(String collation) {
        return collation.substring(collation.indexOf('_') + 1);
    }

    /** Members were only put behind the others. */
    private static boolean begins(Column source, Column ghost) {
        String members = source.type().substring(0, source.type().length() - 1);
        String rest =
                ghost.type().substring(Math.min(members.length(), ghost.type().length()));
        return ghost.type().startsWith(members) && (rest.startsWith(",") || rest.equals(")"));
    }

    /** The number in the type's parentheses, from 1; 0 where there is none. */
    private static int number(Column column, int which) {
        Matcher m = NUMBERS.matcher(column.type());
        @Nullable String found = m.find() ? m.group(which) : null;
        return found == null ? 0 : Integer.parseInt(found);
    }
}

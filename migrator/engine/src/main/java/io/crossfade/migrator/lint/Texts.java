package io.crossfade.migrator.lint;

import io.crossfade.model.Column;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How much a text or bytes type holds, and which character sets hold which. */
final class Texts {

    /** No bound that a row could reach. */
    static final long UNBOUNDED = 4_294_967_295L;

    private static final Pattern LENGTH = Pattern.compile("\\((\\d+)\\)");
    private static final Map<String, Long> BYTES = Map.of(
            "tinytext",
            255L,
            "text",
            65_535L,
            "mediumtext",
            16_777_215L,
            "longtext",
            UNBOUNDED,
            "tinyblob",
            255L,
            "blob",
            65_535L,
            "mediumblob",
            16_777_215L,
            "longblob",
            UNBOUNDED);

    /** What holds every character that there is. */
    private static final List<String> WHOLE = List.of("utf8mb4", "utf16", "utf16le", "utf32");

    private static final List<String> THREE_BYTES = List.of("utf8", "utf8mb3", "ucs2");

    private Texts() {}

    /** Characters that the type holds; UNBOUNDED where only bytes are counted. */
    static long charsMax(Column column) {
        return switch (column.baseType()) {
            case "char", "varchar" -> length(column);
            case "enum", "set" -> UNBOUNDED - 1;
            default -> UNBOUNDED;
        };
    }

    /** Bytes that the type holds; UNBOUNDED where only characters are counted. */
    static long bytesMax(Column column) {
        return switch (column.baseType()) {
            case "binary", "varbinary" -> length(column);
            default -> BYTES.getOrDefault(column.baseType(), UNBOUNDED);
        };
    }

    /** Whether every character of one set is in the other. */
    static boolean holds(@Nullable String to, @Nullable String from) {
        if (to == null || from == null || WHOLE.contains(to) || "ascii".equals(from)) {
            return true;
        }
        return THREE_BYTES.contains(to) && !WHOLE.contains(from) && !from.equals("gb18030");
    }

    private static long length(Column column) {
        Matcher m = LENGTH.matcher(column.type());
        return m.find() ? Long.parseLong(m.group(1)) : 1;
    }
}

package io.crossfade.migrator.checksum;

import io.crossfade.dialect.Dialect;
import io.crossfade.migrator.ghost.ColumnPair;
import io.crossfade.migrator.ghost.TableChange;
import io.crossfade.model.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * SQL for a row's checksum, such that a source row and its ghost row give the same: {@code CRC32(CONCAT_WS(',', …))} over the values
 * that the ghost should hold, with the length of every text but the last (that one is what is left), and which values are NULL. Columns
 * that may be large go in by their own {@code LENGTH} and {@code CRC32}: a CONCAT that would exceed max_allowed_packet is NULL, and so would make all
 * wide rows alike. What is left of a row are some 200 KB at most.
 *
 * <p>Immutable.
 */
final class RowHash {

    /** The types whose values are shapes. */
    private static final Set<String> SHAPES = Set.of(
            "point",
            "linestring",
            "polygon",
            "geometry",
            "multipoint",
            "multilinestring",
            "multipolygon",
            "geomcollection",
            "geometrycollection");

    /** So many fit a whole number of the server's. */
    private static final int NULL_BITS = 60;

    private final Dialect dialect;
    private final TableChange change;
    private final boolean isOneCharset;

    RowHash(Dialect dialect, TableChange change) {
        this.dialect = dialect;
        this.change = change;
        this.isOneCharset = change.compared().stream()
                        .flatMap(p -> java.util.stream.Stream.of(p.source(), p.ghost()))
                        .filter(Column::isText)
                        .map(c -> c.charset() + " " + c.collation())
                        .distinct()
                        .count()
                <= 1;
    }

    /** Of a row of the source. */
    String source() {
        return hash(change.compared().stream().map(this::sourceSide).toList());
    }

    /** Of a row of the ghost, or of a table with its structure. */
    String ghost() {
        return hash(change.compared().stream().map(this::ghostSide).toList());
    }

    /** One side of a pair: the value, and the column as it stands. */
    private record Part(String value, String column, boolean isNullable, boolean isText, boolean isLarge) {}

    private static String hash(List<Part> parts) {
        List<String> terms = new ArrayList<>();
        long texts = parts.stream().filter(p -> p.isText() && !p.isLarge()).count();
        for (Part part : parts) {
            if (part.isLarge()) {
                terms.add("LENGTH(" + part.value() + "), CRC32(" + part.value() + ")");
                continue;
            }
            if (part.isText() && --texts > 0) {
                terms.add("LENGTH(" + part.value() + ")");
            }
            terms.add(part.value());
        }
        List<String> nullable =
                parts.stream().filter(Part::isNullable).map(Part::column).toList();
        for (int from = 0; from < nullable.size(); from += NULL_BITS) {
            terms.add(nulls(nullable.subList(from, Math.min(nullable.size(), from + NULL_BITS))));
        }
        return "CRC32(CONCAT_WS(',', " + String.join(", ", terms) + "))";
    }

    /** {@code ISNULL(a) | ISNULL(b) << 1}: as text of noughts and ones it costs a fifth of the checksum of a row of 120 columns. */
    private static String nulls(List<String> columns) {
        return IntStream.range(0, columns.size())
                .mapToObj(i -> "ISNULL(" + columns.get(i) + ")" + (i == 0 ? "" : " << " + i))
                .collect(Collectors.joining(" | "));
    }

    private Part sourceSide(ColumnPair pair) {
        String name = dialect.quote(pair.source().name());
        return new Part(value(pair, name, true), name, isNullable(pair), isText(pair.ghost()), isLarge(pair));
    }

    private Part ghostSide(ColumnPair pair) {
        String name = dialect.quote(pair.ghost().name());
        return new Part(value(pair, name, false), name, isNullable(pair), isText(pair.ghost()), isLarge(pair));
    }

    /** Both sides must tell the same, whichever of them may hold NULL. */
    private static boolean isNullable(ColumnPair pair) {
        return pair.source().nullable() || pair.ghost().nullable();
    }

    private String value(ColumnPair pair, String name, boolean isSource) {
        Column ghost = pair.ghost();
        if (isText(ghost)) {
            boolean isRecoded = !java.util.Objects.equals(pair.source().charset(), ghost.charset());
            String text = isRecoded ? "CONVERT(" + name + " USING utf8mb4)" : name;
            return isOneCharset ? text : "CAST(" + text + " AS BINARY)";
        }
        if (isSource && !pair.isSameType()) {
            @Nullable String cast = dialect.cast(name, ghost);
            name = cast == null ? name : cast;
        }
        return switch (ghost.baseType()) {
            // Else a FLOAT is printed with six digits.
            case "float" -> "(" + name + " + 0e0)";
            // In the hour that a zone repeats two of them are printed alike.
            case "timestamp" -> pair.isSameType() && change.isZoned() ? "UNIX_TIMESTAMP(" + name + ")" : name;
            case "bit" -> "(" + name + " + 0)";
            // ZEROFILL shows noughts, on one side alone where that is what changes.
            default -> !pair.isSameType() && ghost.type().contains("zerofill") ? "(" + name + " + 0)" : name;
        };
    }

    private static boolean isLarge(ColumnPair pair) {
        return isLarge(pair.source()) || isLarge(pair.ghost());
    }

    /** Whether its values lie outside of the row, which has a bound. */
    private static boolean isLarge(Column column) {
        String type = column.baseType();
        return !type.startsWith("tiny") && (type.endsWith("text") || type.endsWith("blob"))
                || type.equals("json")
                || SHAPES.contains(type);
    }

    private static boolean isText(Column column) {
        return column.isText();
    }
}

package io.crossfade.migrator.row;

import io.crossfade.migrator.row.RowDecoder.Cell;
import io.crossfade.model.Column;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds how a column's values are read, from its stored form in the log and its definition in the catalog. */
final class Cells {
    private static final Set<String> TEXTS = Set.of("tinytext", "text", "mediumtext", "longtext");
    private static final Set<String> BLOBS = Set.of("tinyblob", "blob", "mediumblob", "longblob");
    private static final Set<String> GEOMETRIES = Set.of(
            "geometry",
            "point",
            "linestring",
            "polygon",
            "multipoint",
            "multilinestring",
            "multipolygon",
            "geometrycollection",
            "geomcollection");
    private static final Set<String> ADDRESSES = Set.of("uuid", "inet4", "inet6");

    private Cells() {}

    /**
     * @param low the first metadata byte of the table map, 0 where there is none
     * @param high the second
     */
    static Cell of(Column column, int type, int low, int high) {
        String base = column.baseType();
        Cell cell = number(column, base, type, low, high);
        if (cell == null) {
            cell = temporal(base, type, low);
        }
        if (cell == null) {
            cell = bytes(column, base, type, low, high);
        }
        if (cell == null) {
            throw new IllegalArgumentException("column \"" + column.name() + "\" is " + column.type()
                    + " in the catalog and of the stored type " + type + " in the log");
        }
        return cell;
    }

    private static @Nullable Cell number(Column column, String base, int type, int low, int high) {
        boolean isUnsigned = column.type().toLowerCase(Locale.ROOT).contains("unsigned");
        return switch (type) {
            case CellType.TINY -> integer(List.of("tinyint", "bool", "boolean"), base, 1, isUnsigned);
            case CellType.SHORT -> integer(List.of("smallint"), base, 2, isUnsigned);
            case CellType.INT24 -> integer(List.of("mediumint"), base, 3, isUnsigned);
            case CellType.LONG -> integer(List.of("int", "integer"), base, 4, isUnsigned);
            case CellType.LONGLONG -> integer(List.of("bigint"), base, 8, isUnsigned);
            case CellType.FLOAT -> base.equals("float") ? in -> Float.intBitsToFloat((int) in.little(4)) : null;
            case CellType.DOUBLE ->
                base.equals("double") || base.equals("real") ? in -> Double.longBitsToDouble(in.little(8)) : null;
            case CellType.DECIMAL -> base.equals("decimal") ? in -> Decimals.read(in, low, high) : null;
            case CellType.YEAR -> base.equals("year") ? Cells::year : null;
            case CellType.BIT -> base.equals("bit") ? in -> unsigned(in.big(high + (low > 0 ? 1 : 0))) : null;
            default -> null;
        };
    }

    private static @Nullable Cell integer(List<String> bases, String base, int size, boolean isUnsigned) {
        if (!bases.contains(base)) {
            return null;
        }
        if (isUnsigned) {
            return in -> unsigned(in.little(size));
        }
        int unused = 64 - 8 * size;
        return in -> in.little(size) << unused >> unused;
    }

    private static Object unsigned(long bits) {
        return bits >= 0 ? (Object) bits : new BigInteger(Long.toUnsignedString(bits));
    }

    /** Years are counted from 1900; 0 is the year 0000. */
    private static Object year(Bytes in) {
        long stored = in.u8();
        return stored == 0 ? 0L : 1900 + stored;
    }

    private static @Nullable Cell temporal(String base, int type, int digits) {
        return switch (type) {
            case CellType.DATE -> base.equals("date") ? Temporals::date : null;
            case CellType.DATETIME -> base.equals("datetime") ? in -> Temporals.datetime(in, digits) : null;
            case CellType.TIMESTAMP -> base.equals("timestamp") ? in -> Temporals.timestamp(in, digits) : null;
            case CellType.TIME -> base.equals("time") ? in -> Temporals.time(in, digits) : null;
            case CellType.OLD_DATETIME -> base.equals("datetime") ? Temporals::oldDatetime : null;
            case CellType.OLD_TIMESTAMP -> base.equals("timestamp") ? Temporals::oldTimestamp : null;
            case CellType.OLD_TIME -> base.equals("time") ? Temporals::oldTime : null;
            default -> null;
        };
    }

    private static @Nullable Cell bytes(Column column, String base, int type, int low, int high) {
        switch (type) {
            case CellType.VARCHAR, CellType.VAR_STRING -> {
                int lengthBytes = (high << 8 | low) < 256 ? 1 : 2;
                return base.equals("varchar") || base.equals("varbinary") ? in -> counted(in, lengthBytes) : null;
            }
            case CellType.BLOB, CellType.TINY_BLOB, CellType.MEDIUM_BLOB, CellType.LONG_BLOB -> {
                return TEXTS.contains(base) || BLOBS.contains(base) ? in -> counted(in, low) : null;
            }
            case CellType.GEOMETRY -> {
                return GEOMETRIES.contains(base) ? in -> counted(in, low) : null;
            }
            case CellType.JSON -> {
                return base.equals("json") ? in -> counted(in, low) : null;
            }
            case CellType.STRING, CellType.ENUM, CellType.SET -> {
                return fixed(column, base, low, high);
            }
            default -> {
                return null;
            }
        }
    }

    /** CHAR, BINARY, ENUM and SET share one stored type; two bits of a CHAR's length hide in the byte of the real type. */
    private static @Nullable Cell fixed(Column column, String base, int low, int high) {
        boolean hidesLength = (low & 0x30) != 0x30;
        int realType = low | 0x30;
        int length = hidesLength ? high | ((low & 0x30) ^ 0x30) << 4 : high;
        if (realType == CellType.ENUM) {
            return base.equals("enum") ? in -> in.little(length) : null;
        }
        if (realType == CellType.SET) {
            return base.equals("set") ? in -> unsigned(in.little(length)) : null;
        }
        int lengthBytes = length < 256 ? 1 : 2;
        if (base.equals("char")) {
            return in -> counted(in, lengthBytes);
        }
        if (base.equals("binary")) {
            return in -> Arrays.copyOf(counted(in, lengthBytes), length);
        }
        if (ADDRESSES.contains(base) && !column.type().contains("old")) {
            return in -> address(base, Arrays.copyOf(counted(in, lengthBytes), length));
        }
        return null;
    }

    private static byte[] counted(Bytes in, int lengthBytes) {
        return in.take((int) in.little(lengthBytes));
    }

    private static String address(String base, byte[] stored) {
        return switch (base) {
            case "uuid" -> Addresses.uuid(stored);
            case "inet4" -> Addresses.inet4(stored);
            default -> Addresses.inet6(stored);
        };
    }
}

package io.crossfade.migrator.row;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads MySQL's binary form of a JSON document without losing what the text form would: whether a number is signed, unsigned,
 * a double or a decimal, and the values that JSON itself does not know.
 *
 * <pre>
 * document  type (1 byte) value
 * container count size (key offset, key length)* (type, offset or small value)* keys values
 *           numbers of 2 bytes in a small container, of 4 in a large one; offsets from the container's beginning
 * string    length (7 bits a byte, the lowest first) bytes
 * opaque    column type (1 byte) length bytes
 * </pre>
 */
final class BinaryJson {
    private static final int SMALL_OBJECT = 0;
    private static final int LARGE_OBJECT = 1;
    private static final int SMALL_ARRAY = 2;
    private static final int LARGE_ARRAY = 3;
    private static final int LITERAL = 4;
    private static final int INT16 = 5;
    private static final int UINT16 = 6;
    private static final int INT32 = 7;
    private static final int UINT32 = 8;
    private static final int INT64 = 9;
    private static final int UINT64 = 10;
    private static final int DOUBLE = 11;
    private static final int STRING = 12;
    private static final int OPAQUE = 15;

    private final byte[] bytes;

    private BinaryJson(byte[] bytes) {
        this.bytes = bytes;
    }

    /** A value of a document. Immutable, but for an opaque one, which is read once. */
    sealed interface Value {
        /** {@code null}, {@code true} or {@code false}. */
        record Word(String word) implements Value {}

        record Signed(long number) implements Value {}

        /**
         * An integer that was made as an unsigned one, whatever its size.
         *
         * @param bits all 64 of it
         */
        record Unsigned(long bits) implements Value {}

        record Real(double number) implements Value {}

        record Text(String text) implements Value {}

        /**
         * A value of a column type that JSON does not know.
         *
         * @param type the type's number
         */
        record Opaque(int type, Bytes data) implements Value {}

        record Items(List<Value> values) implements Value {}

        /** The keys in the server's order, and their values. */
        record Members(List<String> keys, List<Value> values) implements Value {}
    }

    /** The document; no bytes at all, which a column without a value may hold, stand for null. */
    static Value read(byte[] document) {
        if (document.length == 0) {
            return new Value.Word("null");
        }
        return new BinaryJson(document).value(document[0] & 0xff, 1);
    }

    private Value value(int type, int at) {
        return switch (type) {
            case SMALL_OBJECT -> container(at, false, true);
            case LARGE_OBJECT -> container(at, true, true);
            case SMALL_ARRAY -> container(at, false, false);
            case LARGE_ARRAY -> container(at, true, false);
            case LITERAL -> word(at);
            case INT16 -> new Value.Signed((short) little(at, 2));
            case UINT16 -> new Value.Unsigned(little(at, 2));
            case INT32 -> new Value.Signed((int) little(at, 4));
            case UINT32 -> new Value.Unsigned(little(at, 4));
            case INT64 -> new Value.Signed(little(at, 8));
            case UINT64 -> new Value.Unsigned(little(at, 8));
            case DOUBLE -> new Value.Real(Double.longBitsToDouble(little(at, 8)));
            case STRING -> {
                Bytes in = new Bytes(bytes, at, bytes.length);
                yield new Value.Text(in.text(length(in)));
            }
            case OPAQUE -> {
                Bytes in = new Bytes(bytes, at, bytes.length);
                int columnType = in.u8();
                yield new Value.Opaque(columnType, in.slice(length(in)));
            }
            default -> throw new IllegalArgumentException("JSON of an unknown type: " + type);
        };
    }

    private Value word(int at) {
        return new Value.Word(
                switch (bytes[at]) {
                    case 0 -> "null";
                    case 1 -> "true";
                    case 2 -> "false";
                    default -> throw new IllegalArgumentException("JSON with an unknown word: " + bytes[at]);
                });
    }

    private Value container(int start, boolean isLarge, boolean isObject) {
        int width = isLarge ? 4 : 2;
        int count = (int) little(start, width);
        int keyEntries = start + 2 * width;
        int valueEntries = keyEntries + (isObject ? count * (width + 2) : 0);
        List<String> keys = new ArrayList<>();
        List<Value> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            if (isObject) {
                int entry = keyEntries + i * (width + 2);
                int from = start + (int) little(entry, width);
                keys.add(new String(bytes, from, (int) little(entry + width, 2), StandardCharsets.UTF_8));
            }
            int entry = valueEntries + i * (1 + width);
            int type = bytes[entry] & 0xff;
            boolean isInline = type == LITERAL
                    || type == INT16
                    || type == UINT16
                    || (isLarge && (type == INT32 || type == UINT32));
            values.add(value(type, isInline ? entry + 1 : start + (int) little(entry + 1, width)));
        }
        return isObject ? new Value.Members(keys, values) : new Value.Items(values);
    }

    private static int length(Bytes in) {
        int length = 0;
        for (int shift = 0; ; shift += 7) {
            int b = in.u8();
            length |= (b & 0x7f) << shift;
            if ((b & 0x80) == 0) {
                return length;
            }
        }
    }

    private long little(int at, int width) {
        return new Bytes(bytes, at, bytes.length).little(width);
    }
}

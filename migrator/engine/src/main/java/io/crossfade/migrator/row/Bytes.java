package io.crossfade.migrator.row;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A piece of an event, read from its beginning to its end. It refers to the array that it was given and copies what it hands
 * out, so the array may be used again afterwards.
 *
 * <p>Reading past the end is an {@link IndexOutOfBoundsException}: the event is not what it is taken for. Confined to one
 * thread.
 */
public final class Bytes {
    private final byte[] bytes;
    private final int end;
    private int at;

    public Bytes(byte[] bytes, int from, int to) {
        if (from < 0 || to < from || to > bytes.length) {
            throw new IndexOutOfBoundsException("from " + from + " to " + to + " of " + bytes.length);
        }
        this.bytes = bytes;
        this.at = from;
        this.end = to;
    }

    public int left() {
        return end - at;
    }

    public int position() {
        return at;
    }

    public void skip(int count) {
        require(count);
        at += count;
    }

    public int u8() {
        require(1);
        return bytes[at++] & 0xff;
    }

    /** An unsigned number of up to 8 bytes, the lowest byte first; of 8 bytes it may come out negative. */
    public long little(int count) {
        require(count);
        long value = 0;
        for (int i = count - 1; i >= 0; i--) {
            value = value << 8 | (bytes[at + i] & 0xff);
        }
        at += count;
        return value;
    }

    /** The same, the highest byte first. */
    public long big(int count) {
        require(count);
        long value = 0;
        for (int i = 0; i < count; i++) {
            value = value << 8 | (bytes[at + i] & 0xff);
        }
        at += count;
        return value;
    }

    /** A length as the protocol packs it: one byte up to 250, else 252, 253 or 254 and 2, 3 or 8 bytes. */
    public long packed() {
        int first = u8();
        return switch (first) {
            case 252 -> little(2);
            case 253 -> little(3);
            case 254 -> little(8);
            case 251, 255 -> throw new IndexOutOfBoundsException("no length: " + first);
            default -> first;
        };
    }

    /** A copy of the next bytes. */
    public byte[] take(int count) {
        require(count);
        byte[] taken = Arrays.copyOfRange(bytes, at, at + count);
        at += count;
        return taken;
    }

    /** The next bytes as something of its own. */
    public Bytes slice(int count) {
        require(count);
        Bytes slice = new Bytes(bytes, at, at + count);
        at += count;
        return slice;
    }

    public String text(int count) {
        require(count);
        String text = new String(bytes, at, count, StandardCharsets.UTF_8);
        at += count;
        return text;
    }

    /** The text at a place that was read already. */
    public String textAt(int place, int count) {
        return new Bytes(bytes, place, place + count).text(count);
    }

    /** Whether the next bytes are these; they stay unread. */
    public boolean startsWith(byte[] expected) {
        return left() >= expected.length
                && Arrays.equals(bytes, at, at + expected.length, expected, 0, expected.length);
    }

    /** Whether a bit of a map that begins at the place is set; nothing is read. */
    boolean bit(int mapStart, int bit) {
        return (bytes[mapStart + (bit >> 3)] & 1 << (bit & 7)) != 0;
    }

    private void require(int count) {
        if (count < 0 || count > end - at) {
            throw new IndexOutOfBoundsException(count + " bytes wanted, " + (end - at) + " left");
        }
    }
}

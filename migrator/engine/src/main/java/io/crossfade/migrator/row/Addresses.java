package io.crossfade.migrator.row;

import java.util.HexFormat;

/** MariaDB's UUID, INET4 and INET6: bytes in the log, and the text that the server prints. */
final class Addresses {

    private Addresses() {}

    static String inet4(byte[] b) {
        return (b[0] & 0xff) + "." + (b[1] & 0xff) + "." + (b[2] & 0xff) + "." + (b[3] & 0xff);
    }

    /** The longest run of zero groups, the first of equals, becomes {@code ::}; IPv4 inside is printed with dots. */
    static String inet6(byte[] b) {
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = (b[2 * i] & 0xff) << 8 | (b[2 * i + 1] & 0xff);
        }
        int gapStart = -1;
        int gapLength = 0;
        for (int i = 0; i < 8; ) {
            int end = i;
            while (end < 8 && groups[end] == 0) {
                end++;
            }
            if (end - i > gapLength) {
                gapStart = i;
                gapLength = end - i;
            }
            i = Math.max(end, i + 1);
        }
        boolean isCompatible = gapStart == 0 && gapLength == 6;
        boolean isMapped = gapStart == 0 && gapLength == 5 && groups[5] == 0xffff;
        StringBuilder text = new StringBuilder(39);
        for (int i = 0; i < 8; ) {
            if (i == gapStart) {
                text.append("::");
                i += gapLength;
                continue;
            }
            if (i > 0 && i != gapStart + gapLength) {
                text.append(':');
            }
            if (i == 6 && (isCompatible || isMapped)) {
                return text.append(inet4(java.util.Arrays.copyOfRange(b, 12, 16)))
                        .toString();
            }
            text.append(Integer.toHexString(groups[i]));
            i++;
        }
        return text.toString();
    }

    /** Versions 1 to 5 are stored with their parts in reverse order, so that they sort by time; the others as they are. */
    static String uuid(byte[] stored) {
        byte[] b = stored;
        if (isReversed(stored)) {
            b = new byte[16];
            System.arraycopy(stored, 12, b, 0, 4);
            System.arraycopy(stored, 10, b, 4, 2);
            System.arraycopy(stored, 8, b, 6, 2);
            System.arraycopy(stored, 6, b, 8, 2);
            System.arraycopy(stored, 0, b, 10, 6);
        }
        String hex = HexFormat.of().formatHex(b);
        return hex.substring(0, 8) + "-" + hex.substring(8, 12) + "-" + hex.substring(12, 16) + "-"
                + hex.substring(16, 20) + "-" + hex.substring(20);
    }

    /** The variant's first bit stands where the version would be, and the version where the variant would be. */
    private static boolean isReversed(byte[] stored) {
        return (stored[6] & 0x80) != 0 && stored[8] > 0 && stored[8] < 0x60;
    }
}

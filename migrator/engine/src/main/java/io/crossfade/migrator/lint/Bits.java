package io.crossfade.migrator.lint;

import io.crossfade.model.Column;

/** Which values a BIT column does not keep. */
final class Bits {

    private Bits() {}

    static String lost(String value, Column from, Column to) {
        int bits = Integer.parseInt(to.type().replaceAll("[^0-9]", ""));
        // 64 bits hold every number that is not negative; the constant has to be one that the server reads exactly.
        String max = java.math.BigInteger.ONE
                .shiftLeft(bits)
                .subtract(java.math.BigInteger.ONE)
                .toString();
        if (from.baseType().equals("bit")) {
            return value + " + 0 > " + max;
        }
        if (Numbers.of(from).isExact()) {
            return value + " < 0 OR " + value + " > " + max + " OR " + value + " <> ROUND(" + value + ", 0)";
        }
        // The server takes the bytes of a text for bits, and of a time what it likes.
        return "TRUE";
    }
}

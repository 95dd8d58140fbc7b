package io.crossfade.migrator.row;

import java.math.BigDecimal;
import java.math.BigInteger;

/** The stored form of DECIMAL: groups of nine digits in four bytes, fewer digits in fewer bytes, the sign in the first bit. */
final class Decimals {
    private static final int GROUP_DIGITS = 9;
    private static final int GROUP_BYTES = 4;

    /** Bytes that hold so many digits. */
    private static final int[] BYTES = {0, 1, 1, 2, 2, 3, 3, 4, 4, 4};

    private static final long[] TEN_TO = {1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000};

    private Decimals() {}

    static BigDecimal read(Bytes in, int precision, int scale) {
        int whole = precision - scale;
        byte[] bytes = in.take(size(whole) + size(scale));
        boolean isNegative = (bytes[0] & 0x80) == 0;
        bytes[0] ^= (byte) 0x80;
        if (isNegative) {
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) ~bytes[i];
            }
        }
        Bytes digits = new Bytes(bytes, 0, bytes.length);
        Sum sum = new Sum();
        sum.add(digits, whole % GROUP_DIGITS);
        for (int i = 0; i < whole / GROUP_DIGITS + scale / GROUP_DIGITS; i++) {
            sum.add(digits, GROUP_DIGITS);
        }
        sum.add(digits, scale % GROUP_DIGITS);
        BigDecimal value = sum.value(scale);
        return isNegative ? value.negate() : value;
    }

    private static int size(int digits) {
        return digits / GROUP_DIGITS * GROUP_BYTES + BYTES[digits % GROUP_DIGITS];
    }

    /** Up to 18 digits fit into a long, which most values do. */
    private static final class Sum {
        private long low;
        private BigInteger high = BigInteger.ZERO;
        private int lowDigits;

        void add(Bytes in, int digits) {
            if (digits == 0) {
                return;
            }
            if (lowDigits + digits > 18) {
                high = high.multiply(BigInteger.TEN.pow(lowDigits)).add(BigInteger.valueOf(low));
                low = 0;
                lowDigits = 0;
            }
            long power = digits == GROUP_DIGITS ? 1_000_000_000L : TEN_TO[digits];
            low = low * power + in.big(BYTES[digits]);
            lowDigits += digits;
        }

        BigDecimal value(int scale) {
            if (high.signum() == 0) {
                return BigDecimal.valueOf(low, scale);
            }
            BigInteger all = high.multiply(BigInteger.TEN.pow(lowDigits)).add(BigInteger.valueOf(low));
            return new BigDecimal(all, scale);
        }
    }
}

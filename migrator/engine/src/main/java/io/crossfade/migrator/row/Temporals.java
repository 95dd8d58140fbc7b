package io.crossfade.migrator.row;

/**
 * The stored forms of dates and times, and their text as the server prints it. Whatever the server lets into a column comes
 * out: {@code 0000-00-00}, {@code 2020-00-15}, {@code -838:59:59}.
 */
final class Temporals {

    /** Days of the months of a year that begins in March, which puts the leap day at its end. */
    private static final long SECONDS_PER_DAY = 86_400;

    private Temporals() {}

    /** 3 bytes, lowest first: year × 512 + month × 32 + day. */
    static String date(Bytes in) {
        long v = in.little(3);
        StringBuilder text = new StringBuilder(10);
        appendDate(text, v >> 9, v >> 5 & 15, v & 31);
        return text.toString();
    }

    /** 5 bytes, highest first, above 2^39: year × 13 + month, day, hour, minute, second; then the fraction. */
    static String datetime(Bytes in, int digits) {
        long v = in.big(5) - 0x80_0000_0000L;
        long fraction = in.big(fractionBytes(digits));
        long yearMonth = v >> 22;
        StringBuilder text = new StringBuilder(26);
        appendDate(text, yearMonth / 13, yearMonth % 13, v >> 17 & 31);
        appendClock(text.append(' '), v >> 12 & 31, v >> 6 & 63, v & 63);
        appendFraction(text, fraction, digits);
        return text.toString();
    }

    /** 4 bytes, highest first: seconds since 1970 in UTC, 0 for the zero date; then the fraction. */
    static String timestamp(Bytes in, int digits) {
        long seconds = in.big(4);
        return utc(seconds, in.big(fractionBytes(digits)), digits);
    }

    /** The same without a fraction, lowest byte first. */
    static String oldTimestamp(Bytes in) {
        return utc(in.little(4), 0, 0);
    }

    /** 3 bytes and the fraction as one number, highest byte first; below the middle it is negative. */
    static String time(Bytes in, int digits) {
        int fractionBits = 8 * fractionBytes(digits);
        long v = in.big(3 + fractionBytes(digits)) - (0x80_0000L << fractionBits);
        StringBuilder text = new StringBuilder(17);
        if (v < 0) {
            text.append('-');
            v = -v;
        }
        long clock = v >> fractionBits;
        appendClock(text, clock >> 12 & 1023, clock >> 6 & 63, clock & 63);
        appendFraction(text, v & (1L << fractionBits) - 1, digits);
        return text.toString();
    }

    /** 3 bytes, signed, lowest first: the digits hhmmss as a number. */
    static String oldTime(Bytes in) {
        long v = in.little(3);
        v = v >= 0x80_0000 ? v - 0x100_0000 : v;
        StringBuilder text = new StringBuilder(10);
        if (v < 0) {
            text.append('-');
            v = -v;
        }
        appendClock(text, v / 10000, v / 100 % 100, v % 100);
        return text.toString();
    }

    /** 8 bytes, lowest first: the digits yyyymmddhhmmss as a number. */
    static String oldDatetime(Bytes in) {
        long v = in.little(8);
        StringBuilder text = new StringBuilder(19);
        appendDate(text, v / 10_000_000_000L, v / 100_000_000 % 100, v / 1_000_000 % 100);
        appendClock(text.append(' '), v / 10000 % 100, v / 100 % 100, v % 100);
        return text.toString();
    }

    static int fractionBytes(int digits) {
        return (digits + 1) / 2;
    }

    private static String utc(long seconds, long fraction, int digits) {
        StringBuilder text = new StringBuilder(26);
        if (seconds == 0) {
            text.append("0000-00-00 00:00:00");
            appendFraction(text, 0, digits);
            return text.toString();
        }
        // Days are counted from 0000-03-01, in eras of 400 years: then a month's first day follows from its number
        // alone.
        long days = seconds / SECONDS_PER_DAY + 719_468;
        long era = days / 146_097;
        long dayOfEra = days % 146_097;
        long yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        long dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        long month = (5 * dayOfYear + 2) / 153;
        long day = dayOfYear - (153 * month + 2) / 5 + 1;
        long civilMonth = month < 10 ? month + 3 : month - 9;
        appendDate(text, yearOfEra + era * 400 + (civilMonth <= 2 ? 1 : 0), civilMonth, day);
        long clock = seconds % SECONDS_PER_DAY;
        appendClock(text.append(' '), clock / 3600, clock / 60 % 60, clock % 60);
        appendFraction(text, fraction, digits);
        return text.toString();
    }

    static void appendDate(StringBuilder text, long year, long month, long day) {
        padded(text, year, 4);
        padded(text.append('-'), month, 2);
        padded(text.append('-'), day, 2);
    }

    static void appendClock(StringBuilder text, long hour, long minute, long second) {
        padded(text, hour, 2);
        padded(text.append(':'), minute, 2);
        padded(text.append(':'), second, 2);
    }

    /** An odd number of digits is stored as if it were one more, with a zero at the end. */
    private static void appendFraction(StringBuilder text, long stored, int digits) {
        if (digits > 0) {
            padded(text.append('.'), digits % 2 == 0 ? stored : stored / 10, digits);
        }
    }

    static void padded(StringBuilder text, long value, int digits) {
        String shown = Long.toString(value);
        for (int i = shown.length(); i < digits; i++) {
            text.append('0');
        }
        text.append(shown);
    }
}

package io.crossfade.migrator.chunk;

import java.math.BigInteger;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a table into ranges along its key, one after the other. Where a range of so many rows ends is asked of the server, which
 * reads the range for it; but where the key is a whole number and most numbers are taken, the end is as well computed: between two
 * numbers there are never more rows than numbers.
 *
 * <p>Safe for many threads.
 */
public final class Cut {

    /** Of the numbers at least this share is taken, else the end is asked for. It bounds a range to twice the rows wished for. */
    private static final double DENSITY_MIN = 0.5;

    private final Key key;
    private @Nullable BigInteger last;
    private double density;

    public Cut(Key key) {
        this.key = key;
    }

    /**
     * The range of about this many rows after a key, whatever is added meanwhile.
     *
     * @return a range without an end where no more rows are left
     */
    public synchronized KeyRange next(Connection connection, List<String> after, int rows) throws SQLException {
        BigInteger from = number(after);
        if (from != null && density >= DENSITY_MIN) {
            BigInteger upTo = from.add(BigInteger.valueOf(Math.round(rows / density)));
            if (upTo.compareTo(last(connection, from)) < 0) {
                return new KeyRange(after, List.of(upTo.toString()));
            }
        }
        KeyRange asked = key.open(connection, after, rows);
        held(asked, rows);
        return asked;
    }

    /** Tells how many rows a range really held. */
    public synchronized void held(KeyRange range, long rows) {
        BigInteger from = number(range.after());
        BigInteger upTo = number(range.upTo());
        if (from != null && upTo != null) {
            density = rows / Math.max(1, upTo.subtract(from).doubleValue());
        }
    }

    /** Rows that are added behind it later are for the last range, which has no end. */
    private BigInteger last(Connection connection, BigInteger orElse) throws SQLException {
        if (last == null) {
            BigInteger read = number(key.last(connection).orElse(List.of()));
            last = read == null ? orElse : read;
        }
        return last;
    }

    private @Nullable BigInteger number(List<String> values) {
        boolean isWhole = key.isNumber() && !values.isEmpty() && values.get(0).indexOf('.') < 0;
        return isWhole ? new BigInteger(values.get(0)) : null;
    }
}

package io.crossfade.migrator.alter;

/**
 * How much of the log's rows one run may hold in memory, as {@link io.crossfade.migrator.apply.Image#bytes} counts. Together with the
 * log's own queue (32 MiB, and 16 MiB of prepared XA transactions) and what one statement takes, that fits a heap of 256 MB,
 * with rows of any width. Judged so, and tried with rows of 30 kB.
 *
 * <p>Immutable.
 *
 * @param transactionBytesMax images of one transaction that are kept together; of a larger one parts are handed over before its end
 *     is known
 * @param undoBytesMax rows of such a one that are remembered as they were before it; where there are more, none is, and a reading that
 *     breaks off within it ends the run, resumable
 * @param waitingBytesMax images that may wait to be applied; then the log waits, and with it the server's dump thread
 * @param owingBytesMax rows that may wait for a unique value that another row holds, or for an image that fits; with more the run ends
 */
public record Room(long transactionBytesMax, long undoBytesMax, long waitingBytesMax, long owingBytesMax) {
    public static final Room DEFAULT = new Room(16L << 20, 24L << 20, 32L << 20, 48L << 20);
}

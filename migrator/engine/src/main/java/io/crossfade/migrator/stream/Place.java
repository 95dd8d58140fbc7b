package io.crossfade.migrator.stream;

/**
 * Where the reader stands in the log of a server, counted in 64 bits: an event tells its end in 32, which a transaction of more
 * than 4 GiB runs beyond.
 *
 * <p>Confined to the reader's thread.
 */
final class Place {
    private static final long WRAP = 1L << 32;

    private String file;
    private long offset;

    Place(String file, long offset) {
        this.file = file;
        this.offset = offset;
    }

    /** A file begins, or the server says where it begins to send. */
    void rotate(String toFile, long toOffset) {
        // Asked for a place beyond 32 bits, a server can only name its lower part; the file's own length is counted up
        // again.
        file = toFile;
        offset = toOffset;
    }

    /**
     * An event was read.
     *
     * @param lengthBytes its length
     * @param end its end as it tells it, in 32 bits; 0 where it stands in no file
     */
    void pass(long lengthBytes, long end) {
        if (end == 0) {
            return;
        }
        // A server leaves out what the reader has already, so the end counts; the length tells how often it has
        // wrapped.
        long least = offset + lengthBytes;
        long next = least - least % WRAP + end;
        offset = next < least ? next + WRAP : next;
    }

    String file() {
        return file;
    }

    long offset() {
        return offset;
    }
}

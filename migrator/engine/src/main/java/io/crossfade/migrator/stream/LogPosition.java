package io.crossfade.migrator.stream;

/**
 * A place in the change log between two transactions: everything before it is known, everything after it is to come.
 * Immutable.
 *
 * @param file the log file's name; files are ordered by their number, not by their spelling
 * @param offset bytes from the file's beginning, in 64 bits
 * @param gtids the executed set (MySQL) or position (MariaDB) that goes with it; empty where the server has none
 */
public record LogPosition(String file, long offset, String gtids) {

    /** {@code binlog.000003:1234}, as gh-ost prints it. */
    public String shown() {
        return file + ":" + offset;
    }
}

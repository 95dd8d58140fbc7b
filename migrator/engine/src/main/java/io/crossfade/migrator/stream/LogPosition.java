package io.crossfade.migrator.stream;

import io.crossfade.migrator.mysql.Server;
import io.crossfade.migrator.signal.MigrationException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.regex.Pattern;

/**
 * A place in the change log between two transactions: everything before it is known, everything after it is to come.
 * Immutable.
 *
 * @param file the log file's name; files are ordered by their number, not by their spelling
 * @param offset bytes from the file's beginning, in 64 bits
 * @param gtids the executed set (MySQL) or position (MariaDB) that goes with it; empty where the server has none
 */
public record LogPosition(String file, long offset, String gtids) {

    /** {@code uuid:tag:1-5}: the reader's library cannot ask for these, so the file and the offset have to do. */
    private static final Pattern TAGGED = Pattern.compile(":\\s*[A-Za-z_]");

    /** Where the server's log ends now. */
    public static LogPosition current(Connection connection) throws SQLException {
        Server server = Server.of(connection);
        try (Statement s = connection.createStatement()) {
            String file;
            long offset;
            String executed;
            try (ResultSet r = s.executeQuery(server.logStatus())) {
                if (!r.next()) {
                    throw MigrationException.refused("cannot read the change log's position; the server keeps no change"
                            + " log; start it with log_bin");
                }
                file = r.getString(1);
                offset = r.getLong(2);
                executed = server.isMariaDb() ? "" : r.getString(5);
            }
            String gtids = server.isMariaDb()
                    ? text(s, "SELECT BINLOG_GTID_POS('" + file + "', " + offset + ")")
                    : mySqlGtids(s, executed);
            return new LogPosition(file, offset, gtids);
        }
    }

    /** {@code binlog.000003:1234}, as gh-ost prints it. */
    public String shown() {
        return file + ":" + offset;
    }

    /** Whether this place is the other one or behind it, in the log of one server. */
    public boolean reaches(LogPosition other) {
        int files = Long.compare(fileNumber(file), fileNumber(other.file));
        return files > 0 || (files == 0 && offset >= other.offset);
    }

    /** The number at a file name's end, which may have grown beyond six digits; 0 where it has none. */
    static long fileNumber(String file) {
        String number = file.substring(file.lastIndexOf('.') + 1);
        return number.isEmpty() || !number.chars().allMatch(c -> c >= '0' && c <= '9') ? 0 : Long.parseLong(number);
    }

    /** Only where every transaction has a GTID does the set tell the whole place. */
    private static String mySqlGtids(Statement s, String executed) throws SQLException {
        if (TAGGED.matcher(executed).find() || !"ON".equals(text(s, "SELECT @@GLOBAL.gtid_mode"))) {
            return "";
        }
        return executed.replaceAll("\\s", "");
    }

    private static String text(Statement s, String query) throws SQLException {
        try (ResultSet r = s.executeQuery(query)) {
            String text = r.next() ? r.getString(1) : null;
            return text == null ? "" : text;
        }
    }
}

package io.crossfade.migrator.stream;

import io.crossfade.migrator.mysql.Server;
import io.crossfade.migrator.signal.MigrationException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

    /** Where the first event of a file is. */
    private static final int FILE_START = 4;

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

    /** {@code binlog.000003:1234}, as gh-ost prints it; the GTIDs where it is in no file of this server. */
    public String shown() {
        return file.isEmpty() ? gtids : file + ":" + offset;
    }

    /** The place on another server of the same history. */
    public LogPosition onAnotherServer() {
        return new LogPosition("", 0, gtids);
    }

    /** Whether everything before the other place is before this one too: by GTIDs on any server, where both have them. */
    public boolean covers(LogPosition other) {
        return gtids.isEmpty() || other.gtids.isEmpty() ? reaches(other) : Gtids.cover(gtids, other.gtids);
    }

    /** From where this server still has its log, where that is behind this place; empty where it has all that follows. */
    public Optional<String> purgedTo(Connection connection) throws SQLException {
        Server server = Server.of(connection);
        try (Statement s = connection.createStatement()) {
            List<String> files = new ArrayList<>();
            try (ResultSet r = s.executeQuery("SHOW BINARY LOGS")) {
                while (r.next()) {
                    files.add(r.getString(1));
                }
            }
            String first = files.isEmpty() ? "nothing" : files.get(0);
            boolean isKept;
            if (gtids.isEmpty() || files.isEmpty()) {
                isKept = files.contains(file);
            } else if (server.isMariaDb()) {
                isKept = Gtids.cover(gtids, text(s, "SELECT BINLOG_GTID_POS('" + first + "', " + FILE_START + ")"));
            } else {
                isKept = text(s, "SELECT GTID_SUBTRACT(@@GLOBAL.gtid_purged, '" + gtids + "')")
                        .isEmpty();
            }
            return isKept ? Optional.empty() : Optional.of(first);
        }
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

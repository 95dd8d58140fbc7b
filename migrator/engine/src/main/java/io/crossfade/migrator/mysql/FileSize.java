package io.crossfade.migrator.mysql;

import io.crossfade.model.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;

/**
 * How large the file of a table is, or the files of its partitions. It is so at once, where statistics are taken by and by; but only a
 * user with PROCESS sees it, and a table that shares a file with others has none.
 */
final class FileSize {

    private FileSize() {}

    /** Bytes; 0 where they are not to be seen. */
    static long bytes(Connection connection, TableName table) throws SQLException {
        Server server = Server.of(connection);
        // MySQL 8.0 and later show names as they are; others, and the files, as the file system takes them.
        boolean isPlain = server.namesFilesPlainly();
        String name =
                isPlain ? table.schema() + "/" + table.table() : encoded(table.schema()) + "/" + encoded(table.table());
        String sql = "SELECT NAME, FILE_SIZE FROM information_schema."
                + (isPlain ? "INNODB_TABLESPACES" : "INNODB_SYS_TABLESPACES") + " WHERE NAME LIKE ? ESCAPE '|'";
        long bytes = 0;
        try (PreparedStatement s = connection.prepareStatement(sql)) {
            s.setString(1, name.replaceAll("[|%_]", "|$0") + "%");
            try (ResultSet r = s.executeQuery()) {
                while (r.next()) {
                    String found = r.getString(1);
                    boolean isPartition = found.toLowerCase(Locale.ROOT).startsWith("#p#", name.length());
                    if (found.startsWith(name) && (found.length() == name.length() || isPartition)) {
                        bytes += r.getLong(2);
                    }
                }
            }
            return bytes;
        } catch (SQLException e) {
            return 0;
        }
    }

    /** Letters beyond ASCII have codes of their own, by which they are not found. */
    private static String encoded(String name) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean isKept = c < 128 && (Character.isLetterOrDigit(c) || c == '_');
            text.append(isKept ? String.valueOf(c) : String.format(Locale.ROOT, "@%04x", (int) c));
        }
        return text.toString();
    }
}

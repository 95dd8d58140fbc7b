package io.crossfade.migrator.mysql;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.OptionalLong;

/** How much room the server's data directory has left. No server tells in every setting: mostly it is not known. */
public final class FreeDisk {

    /** MariaDB's plugin of that name; paths are mount points, and the longest that holds the data directory is the one. */
    private static final String DISKS = "SELECT AVAILABLE * 1024 FROM information_schema.DISKS"
            + " WHERE @@datadir LIKE CONCAT(PATH, '%') ORDER BY LENGTH(PATH) DESC LIMIT 1";

    private FreeDisk() {}

    /** Bytes; empty where they are not to be seen. */
    public static OptionalLong bytes(Connection connection) throws SQLException {
        OptionalLong shown = asked(connection);
        return shown.isPresent() ? shown : seen(connection);
    }

    private static OptionalLong asked(Connection connection) {
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery(DISKS)) {
            return r.next() ? OptionalLong.of(r.getLong(1)) : OptionalLong.empty();
        } catch (SQLException e) {
            return OptionalLong.empty();
        }
    }

    /** Where the server runs on this machine, which its own id in the data directory proves. */
    private static OptionalLong seen(Connection connection) throws SQLException {
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery("SELECT @@datadir, @@server_uuid")) {
            r.next();
            Path directory = Path.of(r.getString(1));
            Path id = directory.resolve("auto.cnf");
            return Files.isReadable(id) && Files.readString(id).contains(r.getString(2))
                    ? OptionalLong.of(Files.getFileStore(directory).getUsableSpace())
                    : OptionalLong.empty();
        } catch (SQLException | IOException | InvalidPathException e) {
            return OptionalLong.empty();
        }
    }
}

package io.crossfade.migrator.mysql;

import io.crossfade.dialect.Dialect;
import io.crossfade.model.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The folder that a table was told to have its file in, DATA DIRECTORY: CREATE TABLE … LIKE does not take it over. */
public final class DataDirectory {

    private static final Pattern STRING = Pattern.compile("'(?:[^'\\\\]|''|\\\\.)*'");
    private static final Pattern WORDS = Pattern.compile("DATA DIRECTORY=(" + STRING.pattern() + ")");

    private DataDirectory() {}

    /** As a literal; empty where it was told none. */
    public static String of(Connection connection, TableName table) throws SQLException {
        Dialect dialect = Server.of(connection).dialect();
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery(
                        "SHOW CREATE TABLE " + dialect.quote(table.schema()) + "." + dialect.quote(table.table()))) {
            r.next();
            String create = r.getString(2);
            // A comment may hold the words, and partitions have folders of their own, which are taken over.
            String options = create.substring(Math.max(0, create.lastIndexOf("\n) ")));
            int at = STRING.matcher(options)
                    .replaceAll(m -> "'" + "x".repeat(m.group().length() - 2) + "'")
                    .indexOf("DATA DIRECTORY=");
            Matcher m = WORDS.matcher(options);
            return at >= 0 && m.find(at) ? m.group(1) : "";
        }
    }
}

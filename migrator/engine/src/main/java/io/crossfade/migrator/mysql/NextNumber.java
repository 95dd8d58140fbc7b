package io.crossfade.migrator.mysql;

import io.crossfade.dialect.Dialect;
import io.crossfade.model.Column;
import io.crossfade.model.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The next AUTO_INCREMENT value, which the table that takes another's place has to go on from: rows that were undone have used
 * some up, and a number that an application has seen once must not come again. Immutable.
 */
public final class NextNumber {
    private static final Pattern NEXT = Pattern.compile("\\) [^\\n]*?\\bAUTO_INCREMENT=(\\d+)");

    private final Dialect dialect;
    private final TableName from;
    private final TableName to;
    private final boolean isWanted;

    /**
     * @param from the table in use
     * @param to the one that takes its place
     * @param columns that one's
     */
    public NextNumber(Dialect dialect, TableName from, TableName to, List<Column> columns) {
        this.dialect = dialect;
        this.from = from;
        this.to = to;
        this.isWanted = columns.stream().anyMatch(Column::autoIncrement);
    }

    /**
     * Carries it over where the other table is behind: a change of the server's own books, of milliseconds. Commits what is open in
     * the session.
     */
    public void carry(Connection connection) throws SQLException {
        OptionalLong next = isWanted ? of(connection, dialect, from) : OptionalLong.empty();
        if (next.isPresent() && next.getAsLong() > of(connection, dialect, to).orElse(1)) {
            try (Statement s = connection.createStatement()) {
                s.execute("ALTER TABLE " + quoted(dialect, to) + " AUTO_INCREMENT = " + next.getAsLong());
            }
        }
    }

    /** What the next row would get; the catalog's own answer may be a day old on MySQL 8. */
    static OptionalLong of(Connection connection, Dialect dialect, TableName table) throws SQLException {
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery("SHOW CREATE TABLE " + quoted(dialect, table))) {
            r.next();
            String create = r.getString(2);
            int options = create.lastIndexOf("\n) ");
            Matcher m = NEXT.matcher(create.substring(Math.max(0, options)));
            return m.find() ? OptionalLong.of(Long.parseLong(m.group(1))) : OptionalLong.empty();
        }
    }

    private static String quoted(Dialect dialect, TableName table) {
        return dialect.quote(table.schema()) + "." + dialect.quote(table.table());
    }
}

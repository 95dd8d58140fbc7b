package io.crossfade.migrator.mysql;

import io.crossfade.dialect.Dialect;
import io.crossfade.model.Column;
import io.crossfade.model.Table;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * The columns that rows have and the catalog does not show: MySQL keeps an index of an expression over one, and earlier versions of 8.0
 * write it into the change log.
 */
public final class StoredColumns {

    /** Since then there are such, and the words that show them. */
    private static final int SINCE = 80013;

    private StoredColumns() {}

    /** The table with them. */
    public static Table of(Connection connection, Server server, Table table) throws SQLException {
        if (server.isMariaDb() || server.dialect().version() < SINCE) {
            return table;
        }
        Dialect dialect = server.dialect();
        List<Column> stored = new ArrayList<>();
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery("SHOW EXTENDED COLUMNS FROM "
                        + dialect.quote(table.name().schema()) + "."
                        + dialect.quote(table.name().table()))) {
            while (r.next()) {
                String name = r.getString(1);
                String type = r.getString(2);
                // InnoDB's own are of no type.
                if (table.has(name)) {
                    stored.add(table.column(name).orElseThrow());
                } else if (!type.isEmpty()) {
                    stored.add(Column.plain(name, type));
                }
            }
        }
        return new Table(table.name(), table.columns(), table.primaryKey(), stored);
    }
}

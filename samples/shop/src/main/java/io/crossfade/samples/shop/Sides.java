package io.crossfade.samples.shop;

import io.crossfade.samples.shop.app.SchemaChange;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Compares the old with the new side of a change in every row, while both are there: by SQL of the demo's own, so that the
 * migrator's verdict is not taken for granted. Both sides of a row are written in one statement, so this holds under
 * traffic too.
 *
 * @param rows rows that were compared
 * @param differing rows whose sides differ
 */
record Sides(long rows, long differing) {
    static final Sides NONE = new Sides(0, 0);

    static Sides compare(Connection connection, SchemaChange change) throws SQLException {
        String equal =
                switch (change) {
                    case ORDER_STATUS -> "CAST(status AS BINARY) <=> CAST(order_status AS BINARY)";
                    case USER_HANDLE -> "CAST(username AS BINARY) <=> CAST(user_handle AS BINARY)";
                    case AGE -> "CAST(age_str AS BINARY) <=> CAST(CAST(age AS CHAR) AS BINARY)";
                    case EMAIL_NORMALIZED -> "CAST(LOWER(email) AS BINARY) <=> CAST(email_normalized AS BINARY)";
                    // Has no old side: the ledgers are all there is to compare it with.
                    case LAST_LOGIN -> "";
                };
        if (equal.isEmpty()) {
            return NONE;
        }
        String sql = "SELECT COUNT(*), COALESCE(SUM(NOT (" + equal + ")), 0) FROM " + change.table();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return new Sides(row.getLong(1), row.getLong(2));
        }
    }

    Sides plus(Sides other) {
        return new Sides(rows + other.rows, differing + other.differing);
    }
}

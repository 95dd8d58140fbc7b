package io.crossfade.jdbc;

import io.crossfade.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** The driver's URLs of a test's database. */
final class Urls {
    private Urls() {}

    /** No read compares, since many tests tell by two sides that differ which of them is read; what is put behind it wins. */
    static String mysql(TestDatabase database) {
        return database.jdbcUrl().replace("jdbc:", "jdbc:crossfade:") + "&crossfade.comparePercent=0";
    }

    /** A connection that polls fast. */
    static Connection connect(TestDatabase database, String parameters) throws SQLException {
        return DriverManager.getConnection(
                mysql(database) + "&crossfade.pollMillis=50" + parameters, database.user(), database.password());
    }
}

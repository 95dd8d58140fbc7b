package io.crossfade.samples.shop.race;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The table of the race: each contender gets a copy of its own, all with the same rows. */
final class RaceTable {
    /** What the new column is computed by, in all three ways. */
    static final String UP = "LOWER(email)";

    /** Rows are doubled until there are enough: this many stand at the beginning. */
    private static final int SEED_ROWS = 1_000;

    private static final String DDL =
            """
            CREATE TABLE %s (
              id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
              email VARCHAR(255) NOT NULL,
              visits INT NOT NULL DEFAULT 0,
              note VARCHAR(100) NOT NULL DEFAULT '',
              updated_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
              KEY by_visits (visits)
            ) ENGINE=InnoDB""";

    private RaceTable() {}

    /** Makes a table with so many rows. */
    static void create(Connection connection, String name, int rows) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(DDL.formatted(name));
            StringBuilder first =
                    new StringBuilder("INSERT INTO " + name + " (email, note) VALUES ('Mail0@Example.com', '')");
            for (int i = 1; i < SEED_ROWS; i++) {
                first.append(", ('Mail")
                        .append(i)
                        .append("@Example.com', REPEAT('n', ")
                        .append(i % 80)
                        .append("))");
            }
            statement.execute(first.toString());
            for (long there = SEED_ROWS; there < rows; there = Math.min(rows, 2 * there)) {
                // Ids have no gaps that matter, and the application picks by id: so each copy says where it goes on.
                statement.execute("INSERT INTO " + name + " (id, email, note) SELECT id + " + there
                        + ", CONCAT('Mail', id + " + there + ", '@Example.com'), note FROM " + name + " WHERE id <= "
                        + Math.min(there, rows - there));
            }
        }
    }

    /** Rows whose new column is not what it should be. */
    static long wrong(Connection connection, String name) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT COUNT(*) FROM " + name
                        + " WHERE NOT (CAST(email_normalized AS BINARY) <=> CAST(" + UP + " AS BINARY))")) {
            row.next();
            return row.getLong(1);
        }
    }

    static void drop(Connection connection, String name) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("DROP TABLE " + name);
        }
    }
}

package io.crossfade.samples.shop.race;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** A way to fill the new column of a table that is in use. Each adds the column first: that is not what is timed. */
enum Contender {
    /** The migrator, with the application behind Crossfade's driver. */
    CROSSFADE("crossfade start"),
    /** One statement for the whole table, as a migration script has it. */
    SINGLE_UPDATE("one UPDATE"),
    /** The loop of the better migration scripts: look for rows that are still empty, a thousand at a time. */
    BATCHED_UPDATE("UPDATE … LIMIT 1000");

    private static final int BATCH_ROWS = 1_000;

    private final String title;

    Contender(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    String table() {
        return "race_" + ordinal();
    }

    /** What a script does before it fills the column. */
    void addColumn(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "ALTER TABLE " + table() + " ADD COLUMN email_normalized VARCHAR(255) NULL, ALGORITHM=INSTANT");
        }
    }

    /** Fills the column by a script, in autocommit. */
    void fill(Connection connection) throws SQLException {
        String update = "UPDATE " + table() + " SET email_normalized = " + RaceTable.UP;
        try (Statement statement = connection.createStatement()) {
            if (this == SINGLE_UPDATE) {
                statement.executeUpdate(update);
            } else {
                String batch = update + " WHERE email_normalized IS NULL LIMIT " + BATCH_ROWS;
                int rows = BATCH_ROWS;
                while (rows > 0) {
                    rows = statement.executeUpdate(batch);
                }
            }
        }
    }
}

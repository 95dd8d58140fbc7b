package io.crossfade.simulator;

import io.crossfade.model.Change;
import io.crossfade.model.ChangeFile;
import io.crossfade.model.Column;
import io.crossfade.model.Table;
import io.crossfade.model.TableName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The change that a simulation makes: a rename, or a retype whose values look different on either side and lose nothing. Immutable.
 *
 * @param isRename whether both sides hold the same
 */
record Subject(boolean isRename, Change change) {
    static final String ID = "c";
    static final Subject RENAME = new Subject(
            true,
            ChangeFile.read(
                    """
            change: c
            table: shop.orders
            columns:
              - rename: {from: status, to: order_status}
            """));
    static final Subject RETYPE = new Subject(
            false,
            ChangeFile.read(
                    """
            change: c
            table: shop.orders
            columns:
              - retype: {from: status, to: order_status, type: VARCHAR(41), up: "CONCAT('n', status)", down: "SUBSTRING(order_status, 2)"}
            """));

    /** The table as it is before the change. */
    static final Table BEFORE = new Table(
            new TableName("shop", "orders"), List.of(column("id", "bigint", false), text("status"), text("note")));

    static final String ORDERS =
            """
            CREATE TABLE IF NOT EXISTS orders (
              id bigint NOT NULL PRIMARY KEY,
              status varchar(40) NULL,
              note varchar(40) NULL
            )""";

    /** What the application has written, in the words of old code: kept beside the table, by the same transactions. */
    static final String TRUTH =
            """
            CREATE TABLE IF NOT EXISTS truth (
              id bigint NOT NULL PRIMARY KEY,
              v varchar(40) NULL,
              note varchar(40) NULL
            )""";

    /** What new code says for a value of old code. */
    @Nullable
    Object up(@Nullable Object old) {
        return isRename || old == null ? old : "n" + old;
    }

    private static Column text(String name) {
        return new Column(name, "varchar(40)", true, null, "utf8mb4", "utf8mb4_bin", false, false, false, false, "");
    }

    private static Column column(String name, String type, boolean isNullable) {
        return new Column(name, type, isNullable, null, null, null, false, false, false, false, "");
    }
}

package io.crossfade.samples.shop.app;

import java.util.Arrays;

/** One of the schema changes that the shop's code has an old and a new version for. */
public enum SchemaChange {
    /** {@code orders.status} is named {@code order_status}. */
    ORDER_STATUS("order-status", "orders"),
    /** {@code users.last_login_at} is there. */
    LAST_LOGIN("last-login", "users"),
    /** {@code users.username} is named {@code user_handle}. */
    USER_HANDLE("user-handle", "users"),
    /** {@code users.age_str}, a text, is {@code age}, a number. */
    AGE("age", "users"),
    /** {@code users.email_normalized} is there: the e-mail address in lower case. */
    EMAIL_NORMALIZED("email-normalized", "users");

    private final String id;
    private final String table;

    SchemaChange(String id, String table) {
        this.id = id;
        this.table = table;
    }

    /** The change with this id; fails on an unknown one, listing the right ones. */
    public static SchemaChange of(String id) {
        return Arrays.stream(values())
                .filter(change -> change.id.equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("\"" + id + "\" is no change of the shop; they are "
                        + String.join(
                                ", ", Arrays.stream(values()).map(c -> c.id).toList())));
    }

    /** The id in its change file, and the file's name. */
    public String id() {
        return id;
    }

    public String table() {
        return table;
    }

    /** Whether old columns go away at its end: else it ends at complete. */
    public boolean dropsColumns() {
        return this == ORDER_STATUS || this == USER_HANDLE || this == AGE;
    }
}

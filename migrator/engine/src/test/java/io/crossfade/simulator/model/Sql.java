package io.crossfade.simulator.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement as the model server carries it out. Immutable. */
sealed interface Sql {

    /** What an item of a select list gives. */
    enum Kind {
        VALUE,
        ALL,
        COUNT
    }

    /** An item of a select list. */
    record Item(@Nullable Expr value, String label, Kind kind) {}

    /** One key of an order. */
    record Order(Expr by, boolean isDescending) {}

    /** {@code column = value}. */
    record Assignment(String column, Expr value) {}

    record Select(
            List<Item> items,
            @Nullable String table,
            String alias,
            @Nullable String joined,
            String joinedAlias,
            @Nullable Expr on,
            @Nullable Expr where,
            List<Order> orders,
            @Nullable Expr limit,
            @Nullable Expr offset,
            boolean isLocking,
            boolean skipsLocked)
            implements Sql {}

    record Insert(
            String table,
            List<String> columns,
            List<List<Expr>> rows,
            List<Assignment> onDuplicate,
            boolean isIgnoring,
            boolean isReplacing)
            implements Sql {}

    record Update(String table, List<Assignment> assignments, @Nullable Expr where) implements Sql {}

    record Delete(String table, @Nullable Expr where) implements Sql {}
}

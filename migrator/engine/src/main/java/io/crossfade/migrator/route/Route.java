package io.crossfade.migrator.route;

import io.crossfade.migrator.ghost.Rules;

/**
 * A way to change a table. Immutable.
 *
 * @param kind never {@link Rules.Route#CHEAPEST}
 * @param reason why this one, in words
 * @param sql the statement that does it; for a ghost the ALTER as it is put to the copy
 * @param locks what it holds up, and for how long
 */
public record Route(Rules.Route kind, String reason, String sql, String locks) {

    private static final String MOMENT =
            "the table's metadata lock, for a moment; waited for at most 1 s at a time, 30 times";

    static Route instant(String reason, String sql) {
        return new Route(Rules.Route.INSTANT, reason, sql, MOMENT);
    }

    static Route inPlace(String reason, String sql) {
        return new Route(Rules.Route.INPLACE, reason, sql, MOMENT + ", at the beginning and again at the end");
    }

    static Route ghost(String reason, String sql) {
        return new Route(
                Rules.Route.GHOST,
                reason,
                sql,
                "none while rows are copied and compared; at the cut-over writers of the table wait, for at most the time"
                        + " that is set for it");
    }
}

package io.crossfade.migrator.run;

import io.crossfade.migrator.route.Route;
import org.jspecify.annotations.Nullable;

/**
 * How an ALTER that may touch rows is put to the table. Immutable.
 *
 * @param route what the server does by itself; null for the other kinds
 * @param reason why this way, in words
 */
record Way(Kind kind, @Nullable Route route, String reason) {

    /** The ways, the cheapest first. */
    enum Kind {
        /** The server changes its own books and no row, at once or in place. */
        DIRECT,
        /** A ghost table is copied, followed, compared and exchanged. */
        GHOST,
        /** The server rebuilds the table in place. */
        INPLACE,
        /** Only a rebuild in place would do it, and nobody has allowed that. */
        NONE
    }

    static Way direct(Route route) {
        return new Way(Kind.DIRECT, route, route.reason());
    }

    static Way of(Kind kind, String reason) {
        return new Way(kind, null, reason);
    }
}

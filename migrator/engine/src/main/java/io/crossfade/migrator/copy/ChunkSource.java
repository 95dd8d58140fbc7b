package io.crossfade.migrator.copy;

import io.crossfade.migrator.apply.Frontier;
import io.crossfade.migrator.chunk.Cut;
import io.crossfade.migrator.chunk.Key;
import io.crossfade.migrator.chunk.KeyOrder;
import io.crossfade.migrator.chunk.KeyPoint;
import io.crossfade.migrator.chunk.KeyRange;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * Cuts the table into ranges, one after the other in the key's order, for several copiers. The last range has no end, so that
 * it takes whatever is added behind it. Safe for many threads; one at a time looks for its boundary.
 */
public final class ChunkSource {
    private final Cut cut;
    private final KeyOrder order;
    private final Frontier frontier;
    private boolean isAtEnd;

    /**
     * @param isAtEnd whether every range was sent already, before a resume
     */
    public ChunkSource(Key key, KeyOrder order, Frontier frontier, boolean isAtEnd) {
        this.cut = new Cut(key);
        this.order = order;
        this.frontier = frontier;
        this.isAtEnd = isAtEnd;
    }

    /** The next range, which is in flight from now on; empty where all were given. */
    public synchronized Optional<Frontier.Ticket> next(Connection connection, int rows) throws SQLException {
        if (isAtEnd) {
            return Optional.empty();
        }
        KeyRange range = cut.next(connection, frontier.sentUpTo(), rows);
        if (range.upTo().isEmpty()) {
            isAtEnd = true;
            return Optional.of(frontier.send(range, null));
        }
        KeyPoint upTo = order.points(connection, List.of(range.upTo())).get(0);
        return Optional.of(frontier.send(range, upTo));
    }

    /** Tells how many rows of a range were copied. */
    public void held(KeyRange range, long rows) {
        cut.held(range, rows);
    }
}

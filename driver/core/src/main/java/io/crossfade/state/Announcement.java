package io.crossfade.state;

import io.crossfade.model.TableName;
import java.time.Duration;
import java.util.Locale;

/**
 * A cut-over that the migrator has announced: the names of this table are about to be exchanged. Immutable.
 *
 * @param gate the gate's id; an atomic cut-over of several tables has one gate
 * @param table the table
 * @param phase where the gate stands
 * @param epoch the epoch of the announcement: what began earlier may have touched the table without taking note of it
 * @param turn grows with each move of the gate
 * @param bound how long a client keeps the gate closed at most, by its own clock
 * @param poll how often a client looks while the gate may move
 */
public record Announcement(
        String gate, TableName table, Phase phase, long epoch, long turn, Duration bound, Duration poll) {

    /** Where a gate stands. */
    public enum Phase {
        /** The cut-over is near: clients say that they have heard of it, and look often. */
        NEAR,
        /** New statements on the table are held; a client says so when nothing under way may touch it any more. */
        CLOSED,
        /** Statements go on. */
        OPEN;

        /** As the control table spells it. */
        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Phase of(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }
    }

    public boolean isClosed() {
        return phase == Phase.CLOSED;
    }
}

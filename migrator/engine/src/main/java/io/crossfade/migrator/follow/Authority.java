package io.crossfade.migrator.follow;

import io.crossfade.migrator.follow.MappedColumns.Touch;
import io.crossfade.model.Direction;
import io.crossfade.model.Mapping;
import io.crossfade.model.Side;
import io.crossfade.model.Stage;
import io.crossfade.state.ChangeState;
import java.util.Optional;

/**
 * Which side of a row is right where a writer without the driver left the two disagreeing.
 *
 * <p>Old is, up to dualwrite, and where nothing leads back to it, as from a derived column. Else the side that was written. Where
 * both were, as by an INSERT, the one that holds something: {@code status='paid', order_status=NULL} was written in old names. Where
 * both do, old until live and new from rampdown on.
 */
final class Authority {

    private Authority() {}

    /**
     * The side that was meant, as far as the row change tells.
     *
     * @param oldBlank how little the old side says: 0 a value, 1 its default, 2 NULL
     * @param newBlank the same of the new side
     * @return empty where both sides were written and hold something
     */
    static Optional<Side> meant(Touch touched, int oldBlank, int newBlank) {
        return switch (touched) {
            case OLD -> Optional.of(Side.OLD);
            case NEW -> Optional.of(Side.NEW);
            case BOTH, NONE ->
                oldBlank == newBlank ? Optional.empty() : Optional.of(oldBlank < newBlank ? Side.OLD : Side.NEW);
        };
    }

    /** The side that is believed. */
    static Side right(ChangeState change, Mapping mapping, Optional<Side> meant) {
        boolean isFilling = change.stage() == Stage.DUALWRITE && change.direction() == Direction.FORWARD;
        if (!mapping.kind().replacesOld() || isFilling) {
            return Side.OLD;
        }
        return meant.orElse(change.stage().atLeast(Stage.RAMPDOWN) ? Side.NEW : Side.OLD);
    }
}

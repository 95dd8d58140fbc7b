package io.crossfade.simulator;

import io.crossfade.model.Direction;
import io.crossfade.model.Stage;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * When a schedule becomes rough: from the first event on, or once the change has come to a stage, on its way there or back. So the
 * late stages see as much go wrong as the early ones, and no schedule has to be long for that. Immutable.
 */
final class Forecast {
    private final @Nullable Stage from;
    private final Direction direction;

    private Forecast(@Nullable Stage from, Direction direction) {
        this.from = from;
        this.direction = direction;
    }

    /**
     * @param turnsBackAt where the operator turns back: nothing lies behind it
     */
    static Forecast draw(SplittableRandom random, Stage turnsBackAt) {
        int drawn = random.nextInt(4);
        Stage stage = Stage.values()[random.nextInt(turnsBackAt.ordinal() + 1)];
        if (drawn < 2) {
            return new Forecast(null, Direction.FORWARD);
        }
        boolean isBack = drawn == 3 && turnsBackAt != Stage.CONTRACT;
        return new Forecast(stage, isBack ? Direction.BACK : Direction.FORWARD);
    }

    /** Rough from where rows are dual-written by some and not yet by others. */
    static Forecast atDualWrite() {
        return new Forecast(Stage.DUALWRITE, Direction.FORWARD);
    }

    /** Whether it is rough from the first event on. */
    boolean isRoughAtOnce() {
        return from == null;
    }

    /** Whether a change that stands there has come far enough. */
    boolean isRoughAt(Stage stage, Direction towards) {
        if (from == null || direction == Direction.FORWARD && towards == Direction.BACK) {
            return true;
        }
        return towards == direction
                && (direction == Direction.FORWARD ? stage.compareTo(from) >= 0 : stage.compareTo(from) <= 0);
    }
}

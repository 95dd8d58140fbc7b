package io.crossfade.jdbc;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Of all sessions the one with the oldest work under way, and under which epoch that began. Each session is asked once, and its answer is what
 * counts: its work may end while the others are looked at, and what it says by then is no word about theirs.
 *
 * @param session null where there is none
 * @param epoch {@link EpochPins#NONE} where nothing is under way
 */
record OldestWork<S>(@Nullable S session, long epoch) {

    static <S> OldestWork<S> of(List<? extends Iterable<S>> all, Function<S, EpochPins> pins) {
        OldestWork<S> oldest = new OldestWork<>(null, EpochPins.NONE);
        for (Iterable<S> some : all) {
            for (S session : some) {
                long epoch = pins.apply(session).oldest();
                if (epoch < oldest.epoch) {
                    oldest = new OldestWork<>(session, epoch);
                }
            }
        }
        return oldest;
    }

    boolean isOlderThan(long other) {
        return epoch < other;
    }
}

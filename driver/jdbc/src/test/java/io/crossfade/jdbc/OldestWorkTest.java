package io.crossfade.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.state.Snapshot;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class OldestWorkTest {
    private final AtomicReference<Snapshot> current = new AtomicReference<>(at(5));

    /** What was seen of the short one must stay what it was: else it speaks for the long one, which was passed over for it. */
    @Test
    void workThatEndsDuringTheLookDoesNotHideAnothersOfTheSameEpoch() {
        EpochPins brief = pins();
        EpochPins longer = pins();
        brief.enter(false);
        longer.enter(true);
        current.set(at(6));

        OldestWork<EpochPins> seen =
                OldestWork.of(List.of(endingWith(List.of(brief, longer), brief::exit)), Function.identity());

        assertThat(brief.oldest()).isEqualTo(EpochPins.NONE);
        assertThat(seen.isOlderThan(6))
                .as("the longer one's work began under epoch 5")
                .isTrue();
        assertThat(seen.epoch()).isEqualTo(5);
    }

    @Test
    void theOldestOfAllIsNamed() {
        EpochPins first = pins();
        first.enter(true);
        current.set(at(6));
        EpochPins second = pins();
        second.enter(true);
        assertThat(OldestWork.of(List.of(List.of(pins(), second), List.of(first)), Function.identity()))
                .isEqualTo(new OldestWork<>(first, 5));
        assertThat(OldestWork.of(List.of(List.of(pins())), Function.identity()).session())
                .isNull();
    }

    /** Has something happen once all have been looked at. */
    private static Iterable<EpochPins> endingWith(List<EpochPins> all, Runnable end) {
        return () -> {
            Iterator<EpochPins> each = all.iterator();
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    if (!each.hasNext()) {
                        end.run();
                    }
                    return each.hasNext();
                }

                @Override
                public EpochPins next() {
                    return each.next();
                }
            };
        };
    }

    private EpochPins pins() {
        return new EpochPins(current::get);
    }

    private static Snapshot at(long epoch) {
        return new Snapshot(epoch, List.of());
    }
}

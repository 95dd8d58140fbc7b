package io.crossfade.jdbc.flag;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PaceTest {
    private static final Duration POLL = Duration.ofSeconds(5);

    @Test
    void clientsSpreadAndNoneIsLaterThanThePoll() {
        Pace pace = new Pace(POLL, new SplittableRandom(1));
        Set<Duration> waits = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            Duration wait = pace.afterSuccess();
            assertThat(wait).isBetween(Duration.ofSeconds(4), POLL);
            waits.add(wait);
        }
        assertThat(waits).hasSizeGreaterThan(900);
    }

    @Test
    void failuresDoubleTheWaitUpToABoundAndSuccessEndsThat() {
        Pace pace = new Pace(POLL, new SplittableRandom(1));
        for (int seconds : new int[] {5, 10, 20, 40, 60, 60, 60}) {
            assertThat(pace.afterFailure(Optional.empty()))
                    .isBetween(Duration.ofMillis(seconds * 800L), Duration.ofSeconds(seconds));
        }
        for (int i = 0; i < 100; i++) {
            assertThat(pace.afterFailure(Optional.empty())).isBetween(Duration.ofSeconds(48), Duration.ofSeconds(60));
        }
        pace.afterSuccess();
        assertThat(pace.afterFailure(Optional.empty())).isLessThanOrEqualTo(POLL);
    }

    @Test
    void nobodyComesBackBeforeTheSourceWantsIt() {
        for (int i = 0; i < 1000; i++) {
            Pace pace = new Pace(POLL, new SplittableRandom(i));
            assertThat(pace.afterFailure(Optional.of(Duration.ofSeconds(120))))
                    .isBetween(Duration.ofSeconds(120), Duration.ofSeconds(144));
            assertThat(pace.afterFailure(Optional.of(Duration.ZERO))).isGreaterThan(Duration.ofSeconds(4));
        }
    }

    @Test
    void pollThatIsLongerThanTheBoundStaysAsItIs() {
        Pace pace = new Pace(Duration.ofMinutes(10), new SplittableRandom(1));
        assertThat(pace.afterFailure(Optional.empty())).isBetween(Duration.ofMinutes(8), Duration.ofMinutes(10));
        assertThat(pace.afterFailure(Optional.empty())).isBetween(Duration.ofMinutes(8), Duration.ofMinutes(10));
    }
}

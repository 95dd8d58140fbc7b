package io.crossfade.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

class FakeClockTest {
    @Test
    void itMovesOnlyWhenTold() {
        FakeClock clock = new FakeClock();
        Clock elsewhere = clock.withZone(ZoneId.of("Asia/Tokyo"));
        Instant start = clock.instant();
        assertThat(clock.instant()).isEqualTo(start);
        clock.advance(Duration.ofSeconds(5));
        assertThat(elsewhere.instant()).isEqualTo(start.plusSeconds(5));
    }
}

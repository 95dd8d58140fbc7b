package io.crossfade.jdbc.flag;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.testkit.FakeClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RetryAfterTest {
    private final FakeClock clock = new FakeClock();

    @Test
    void secondsAndBothFormsOfDatesAreRead() {
        assertThat(wait("120")).isEqualTo(Duration.ofMinutes(2));
        assertThat(wait(" 0 ")).isEqualTo(Duration.ZERO);
        assertThat(wait("Thu, 01 Jan 2026 00:02:00 GMT")).isEqualTo(Duration.ofMinutes(2));
        assertThat(wait("2026-01-01T00:02:00Z")).isEqualTo(Duration.ofMinutes(2));
        assertThat(wait("2026-01-01T02:02:00+02:00")).isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void whatIsPastIsNowAndWhatIsFarIsBounded() {
        assertThat(wait("Wed, 31 Dec 2025 23:00:00 GMT")).isEqualTo(Duration.ZERO);
        assertThat(wait("999999999")).isEqualTo(RetryAfter.WAIT_MAX);
        assertThat(wait("2036-01-01T00:00:00Z")).isEqualTo(RetryAfter.WAIT_MAX);
    }

    @Test
    void whatCannotBeReadSaysNothing() {
        for (String header : new String[] {"", "soon", "-1", "1.5", "99999999999999999999", "2026-13-01T00:00:00Z"}) {
            assertThat(wait(header)).as(header).isNull();
        }
    }

    private Duration wait(String header) {
        return RetryAfter.parse(header, clock);
    }
}

package io.crossfade.migrator.apply;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class MarkersTest {

    private final Markers markers = new Markers(1000);

    @Test
    void aMarkerThatHasComeTellsItsPlace() {
        long first = markers.next();
        long second = markers.next();
        assertThat(markers.awaitSeen(first, Duration.ZERO)).isEqualTo(-1);
        markers.seen(first, 17);
        assertThat(markers.awaitSeen(first, Duration.ZERO)).isEqualTo(17);
        assertThat(markers.awaitSeen(second, Duration.ZERO)).isEqualTo(-1);
    }

    @Test
    void aLaterMarkerProvesAsMuch() {
        long first = markers.next();
        long second = markers.next();
        markers.seen(second, 30);
        assertThat(markers.awaitSeen(first, Duration.ZERO)).isEqualTo(30);
    }

    @Test
    void theMarkersOfAnEarlierRunProveNothing() {
        long number = markers.next();
        markers.seen(number - 500, 3);
        assertThat(markers.awaitSeen(number, Duration.ZERO)).isEqualTo(-1);
        // Its host's clock was ahead of ours, perhaps.
        markers.seen(number + 500, 3);
        assertThat(markers.awaitSeen(number, Duration.ZERO)).isEqualTo(-1);
    }

    @Test
    void theLagGrowsWhileAMarkerIsOverdue() {
        assertThat(markers.lag()).isZero();
        long number = markers.next();
        Duration before = markers.lag();
        while (markers.lag().compareTo(before) <= 0) {
            Thread.onSpinWait();
        }
        markers.seen(number, 1);
        Duration last = markers.lag();
        assertThat(markers.lag()).isEqualTo(last);
    }
}

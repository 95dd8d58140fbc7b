package io.crossfade.migrator.stream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PlaceTest {
    private static final long GIB_4 = 1L << 32;

    @Test
    void offsetsGoOnBeyondThirtyTwoBits() {
        Place place = new Place("binlog.000001", 4);
        long end = 4;
        int lengthBytes = 1 << 30;
        for (int i = 0; i < 20; i++) {
            end += lengthBytes;
            place.pass(lengthBytes, end % GIB_4);
            assertThat(place.offset()).isEqualTo(end);
        }
    }

    @Test
    void whatTheServerLeavesOutIsCountedToo() {
        Place place = new Place("binlog.000001", GIB_4 - 100);
        place.pass(50, 200);
        assertThat(place.offset()).isEqualTo(GIB_4 + 200);
        place.pass(50, 5000);
        assertThat(place.offset()).isEqualTo(GIB_4 + 5000);
    }

    @Test
    void anEventThatStandsInNoFileDoesNotCount() {
        Place place = new Place("binlog.000001", 1234);
        place.pass(120, 0);
        assertThat(place.offset()).isEqualTo(1234);
    }

    @Test
    void filesAreOrderedByTheirNumber() {
        LogPosition six = new LogPosition("binlog.999999", 500, "");
        LogPosition seven = new LogPosition("binlog.1000000", 4, "");
        assertThat(seven.reaches(six)).isTrue();
        assertThat(six.reaches(seven)).isFalse();
        assertThat(six.reaches(new LogPosition("binlog.999999", 499, ""))).isTrue();
    }
}

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

    /** Files of different servers tell nothing about each other. */
    @Test
    void placesOfSeveralServersAreComparedByTheirTransactions() {
        String a = "3e11fa47-71ca-11e1-9e33-c80aa9429562";
        String b = "4e11fa47-71ca-11e1-9e33-c80aa9429562";
        LogPosition early = new LogPosition("binlog.000009", 900, a + ":1-7");
        LogPosition late = new LogPosition("binlog.000001", 100, a + ":1-9," + b + ":1-2");
        assertThat(late.covers(early)).isTrue();
        assertThat(early.covers(late)).isFalse();
        assertThat(early.covers(early)).isTrue();

        early = new LogPosition("binlog.000009", 900, "0-1-7,3-1-2");
        late = new LogPosition("binlog.000001", 100, "0-2-9,3-1-2");
        assertThat(late.covers(early)).isTrue();
        assertThat(early.covers(late)).isFalse();
        assertThat(new LogPosition("x.000002", 4, "").covers(new LogPosition("x.000001", 9, "0-1-1")))
                .isTrue();
    }
}

package io.crossfade.flag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ReadShareTest {
    private static final int KEYS = 20_000;

    @Test
    void greaterPercentageOnlyAddsKeys() {
        for (int key = 0; key < 500; key++) {
            boolean before = false;
            for (int percent = 0; percent <= 100; percent++) {
                boolean now = ReadShare.readsNew("key-" + key, "orders-status", percent);
                assertThat(now || !before).isTrue();
                before = now;
            }
        }
    }

    @Test
    void nobodyReadsNewAtZeroAndEverybodyAtHundred() {
        for (int key = 0; key < 1000; key++) {
            assertThat(ReadShare.readsNew("key-" + key, "orders-status", 0)).isFalse();
            assertThat(ReadShare.readsNew("key-" + key, "orders-status", 100)).isTrue();
        }
    }

    @Test
    void shareIsEven() {
        for (int percent : new int[] {1, 10, 25, 50, 90}) {
            assertThat(readers("orders-status", percent)).isCloseTo(KEYS * percent / 100, within(KEYS / 50));
        }
    }

    @Test
    void eachChangeCutsTheKeysInAWayOfItsOwn() {
        int both = 0;
        for (int key = 0; key < KEYS; key++) {
            if (ReadShare.readsNew("key-" + key, "one", 50) && ReadShare.readsNew("key-" + key, "two", 50)) {
                both++;
            }
        }
        assertThat(both).isCloseTo(KEYS / 4, within(KEYS / 50));
    }

    private static int readers(String change, int percent) {
        int readers = 0;
        for (int key = 0; key < KEYS; key++) {
            if (ReadShare.readsNew("key-" + key, change, percent)) {
                readers++;
            }
        }
        return readers;
    }
}

package io.crossfade.flag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.crossfade.model.Change;
import io.crossfade.model.ChangeFile;
import io.crossfade.model.Direction;
import io.crossfade.model.Stage;
import io.crossfade.model.Table;
import io.crossfade.state.ChangeState;
import io.crossfade.state.Snapshot;
import java.util.List;
import java.util.Map;
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

    @Test
    void flagTakesThePlaceOfTheControlTablesShareAtStageLive() {
        assertThat(ReadShare.percent(state(Stage.LIVE, 30), Shares.NONE)).isEqualTo(30);
        assertThat(ReadShare.percent(state(Stage.LIVE, 30), flag(70))).isEqualTo(70);
        assertThat(ReadShare.percent(state(Stage.LIVE, 30), flag(0))).isZero();
        assertThat(ReadShare.percent(state(Stage.LIVE, 30), new Shares(Map.of("other", 70))))
                .isEqualTo(30);
    }

    @Test
    void flagNeverAllowsWhatTheStageForbids() {
        for (Stage stage : Stage.values()) {
            if (stage != Stage.LIVE) {
                assertThat(ReadShare.percent(state(stage, 0), flag(100)))
                        .as(stage.word())
                        .isZero();
                assertThat(ReadShare.percent(state(stage, 100), flag(100)))
                        .as(stage.word())
                        .isZero();
            }
        }
    }

    @Test
    void noughtInTheControlTableBeatsEveryFlag() {
        assertThat(ReadShare.percent(state(Stage.LIVE, 0), flag(100))).isZero();
        Snapshot killed = new Snapshot(9, List.of(state(Stage.LIVE, 0)));
        Snapshot live = new Snapshot(9, List.of(state(Stage.LIVE, 1)));
        assertThat(ReadShare.readsNew("key", killed, flag(100))).isEmpty();
        assertThat(ReadShare.readsNew("key", live, flag(100))).containsExactly("orders-status");
    }

    private static Shares flag(int percent) {
        return new Shares(Map.of("orders-status", percent));
    }

    private static ChangeState state(Stage stage, int readPercent) {
        Change change = ChangeFile.read(
                "change: orders-status\ntable: shop.orders\ncolumns:\n  - rename: {from: status, to: order_status}\n");
        Table table = new Table(change.table(), List.of());
        return new ChangeState(change, table, stage, Direction.FORWARD, readPercent);
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

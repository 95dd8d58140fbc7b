package io.crossfade.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.state.Snapshot;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class EpochPinsTest {
    private final AtomicReference<Snapshot> current = new AtomicReference<>(at(1));
    private final EpochPins pins = new EpochPins(current::get);

    @Test
    void autocommitStatementPinsWhileItRuns() {
        assertThat(pins.enter(false).epoch()).isEqualTo(1);
        current.set(at(2));
        assertThat(pins.oldest()).isEqualTo(1);
        pins.exit();
        assertThat(pins.oldest()).isEqualTo(EpochPins.NONE);
    }

    @Test
    void transactionKeepsItsSnapshotToItsEnd() {
        pins.enter(true);
        pins.exit();
        current.set(at(2));
        assertThat(pins.enter(true).epoch()).isEqualTo(1);
        pins.exit();
        assertThat(pins.oldest()).isEqualTo(1);
        pins.endTransaction();
        assertThat(pins.oldest()).isEqualTo(EpochPins.NONE);
        assertThat(pins.enter(true).epoch()).isEqualTo(2);
    }

    @Test
    void pendingBatchHoldsTheEpochOfItsFirstRow() {
        Object statement = new Object();
        pins.enter(false);
        pins.holdBatch(statement);
        pins.exit();
        current.set(at(2));
        pins.enter(false);
        pins.holdBatch(statement);
        pins.exit();
        assertThat(pins.oldest()).isEqualTo(1);
        pins.releaseBatch(statement);
        assertThat(pins.oldest()).isEqualTo(EpochPins.NONE);
    }

    @Test
    void transactionThatABatchIsSentInIsAsOldAsTheBatch() {
        Object statement = new Object();
        pins.enter(false);
        pins.holdBatch(statement);
        pins.exit();
        current.set(at(2));
        assertThat(pins.enter(true).epoch()).isEqualTo(2);
        pins.sendBatch(statement);
        pins.releaseBatch(statement);
        pins.exit();
        assertThat(pins.oldest()).isEqualTo(1);
        pins.endTransaction();
        assertThat(pins.oldest()).isEqualTo(EpochPins.NONE);
    }

    @Test
    void brokenConnectionStaysPinned() {
        pins.enter(false);
        pins.doubt();
        pins.exit();
        assertThat(pins.isInDoubt()).isTrue();
        assertThat(pins.oldest()).isEqualTo(1);
    }

    /** An acknowledger that has installed an epoch and saw nothing older must never meet a statement of an older one. */
    @Test
    void acknowledgerNeverMissesAStatement() throws InterruptedException {
        AtomicReference<Long> acknowledged = new AtomicReference<>(0L);
        AtomicBoolean stop = new AtomicBoolean();
        AtomicBoolean isBroken = new AtomicBoolean();
        Thread session = new Thread(
                () -> {
                    while (!stop.get()) {
                        long epoch = pins.enter(false).epoch();
                        if (epoch < acknowledged.get()) {
                            isBroken.set(true);
                        }
                        pins.exit();
                    }
                },
                "session");
        session.start();
        for (long epoch = 2; epoch < 200_000; epoch++) {
            current.set(at(epoch));
            if (pins.oldest() >= epoch) {
                acknowledged.set(epoch);
            }
        }
        stop.set(true);
        session.join();
        assertThat(isBroken).isFalse();
    }

    private static Snapshot at(long epoch) {
        return new Snapshot(epoch, List.of());
    }
}

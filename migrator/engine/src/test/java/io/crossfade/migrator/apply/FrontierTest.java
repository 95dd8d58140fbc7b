package io.crossfade.migrator.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.migrator.chunk.KeyPoint;
import io.crossfade.migrator.chunk.KeyRange;
import io.crossfade.migrator.row.Row;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrontierTest {

    private final AtomicLong nanos = new AtomicLong(-7);
    private final Frontier frontier = new Frontier(null, false, nanos::get);
    private long ordinal;

    private static List<String> key(int id) {
        return List.of(Integer.toString(id));
    }

    private static KeyPoint point(int id) {
        return new KeyPoint(key(id), List.of(BigDecimal.valueOf(id)));
    }

    private Image admit(int id) {
        Image image = new Image(ordinal++, key(id), new Row(new Object[] {(long) id}));
        frontier.admit(image, point(id));
        return image;
    }

    private Frontier.Ticket send(int upTo) {
        return frontier.send(new KeyRange(frontier.sentUpTo(), key(upTo)), point(upTo));
    }

    private boolean isTime() {
        return frontier.awaitReady(Duration.ZERO, 3);
    }

    @Test
    void imagesRestAfterOthersWereTakenUntilThereAreEnough() {
        frontier.arrived(send(10));
        assertThat(isTime()).as("none is there").isFalse();
        admit(1);
        assertThat(isTime()).as("none was taken before").isTrue();
        frontier.take(10);
        nanos.addAndGet(Frontier.REST.toNanos() - 1);
        admit(2);
        assertThat(isTime()).as("it rests").isFalse();
        nanos.incrementAndGet();
        assertThat(isTime()).as("it has rested").isTrue();
        frontier.take(10);
        admit(3);
        admit(4);
        assertThat(isTime()).isFalse();
        admit(5);
        assertThat(isTime()).as("three are enough").isTrue();
    }

    @Test
    void imagesThatTakeMuchMemoryDoNotRest() {
        frontier.arrived(send(10));
        frontier.take(10);
        admit(1);
        frontier.take(10);
        frontier.admit(new Image(ordinal++, key(2), new Row(new Object[] {"x".repeat(5 << 20)})), point(2));
        assertThat(isTime()).isTrue();
    }

    @Test
    void nothingRestsWhileSomebodyWaitsForIt() throws Exception {
        Frontier real = new Frontier(null, true, nanos::get);
        real.admit(new Image(0, key(1), null), null);
        Image first = real.take(10).get(0);
        real.done(List.of(first));
        real.admit(new Image(1, key(2), null), null);
        assertThat(real.awaitReady(Duration.ZERO, 3)).isFalse();
        CompletableFuture<Boolean> waiting =
                CompletableFuture.supplyAsync(() -> real.awaitDone(2, Duration.ofSeconds(90)));
        CompletableFuture<Boolean> time =
                CompletableFuture.supplyAsync(() -> real.awaitReady(Duration.ofSeconds(90), 3));
        assertThat(time.get(90, TimeUnit.SECONDS)).as("the waiter woke it").isTrue();
        real.done(real.take(10));
        assertThat(waiting.get(90, TimeUnit.SECONDS)).isTrue();
        real.admit(new Image(2, key(3), null), null);
        assertThat(real.awaitReady(Duration.ZERO, 3))
                .as("nobody waits any more")
                .isFalse();
    }

    @Test
    void anImageOfAnArrivedKeyIsReadyAtOnce() {
        frontier.arrived(send(10));
        Image image = admit(7);
        assertThat(frontier.take(10)).containsExactly(image);
    }

    @Test
    void anImageOfAKeyInFlightWaitsForItsChunk() {
        Frontier.Ticket first = send(10);
        Frontier.Ticket second = send(20);
        Image image = admit(15);
        frontier.arrived(first);
        assertThat(frontier.take(10)).isEmpty();
        frontier.arrived(second);
        assertThat(frontier.take(10)).containsExactly(image);
    }

    @Test
    void anImageOfAKeyThatIsNotYetCopiedGoesWithItsChunkWhereItsRowMayBeInvisible() {
        Image image = admit(15);
        frontier.arrived(send(10));
        assertThat(frontier.take(10)).isEmpty();
        // The chunk is sent now, and its snapshot may not see the row of which the image tells.
        frontier.arrived(send(20));
        assertThat(frontier.take(10)).containsExactly(image);
    }

    @Test
    void anImageWhoseRowIsVisibleIsLeftToTheCopy() {
        admit(15);
        frontier.visibleUpTo(1);
        assertThat(frontier.standing().images()).isZero();
        frontier.arrived(send(20));
        assertThat(frontier.take(10)).isEmpty();
    }

    @Test
    void aCheckpointIsNotAheadOfAnImageThatIsNotInTheGhost() {
        Frontier.Ticket first = send(10);
        Frontier.Ticket second = send(20);
        Image waiting = admit(5);
        frontier.arrived(second);
        assertThat(frontier.standing().arrivedUpTo())
                .as("the first chunk is still on its way")
                .isEmpty();
        assertThat(frontier.standing().oldest()).isEqualTo(waiting.ordinal());
        frontier.arrived(first);
        List<Image> taken = frontier.take(10);
        assertThat(frontier.standing().oldest()).as("taken is not done").isEqualTo(waiting.ordinal());
        frontier.done(taken);
        assertThat(frontier.standing().oldest()).isEqualTo(Long.MAX_VALUE);
        assertThat(frontier.standing().arrivedUpTo()).isEqualTo(key(20));
    }

    /** An attempt at the cut-over had taken them, and was cut short. */
    @Test
    void imagesThatAreGivenBackComeBeforeThoseThatCameMeanwhile() {
        frontier.arrived(send(10));
        Image first = admit(1);
        Image second = admit(1);
        List<Image> taken = frontier.take(10);
        Image third = admit(1);
        frontier.giveBack(taken);
        assertThat(frontier.take(10)).containsExactly(first, second, third);
    }

    @Test
    void whoWaitsForAnOrdinalWaitsForAllBeforeIt() {
        frontier.arrived(send(10));
        Image first = admit(1);
        Image second = admit(2);
        assertThat(frontier.awaitDone(2, Duration.ZERO)).isFalse();
        frontier.done(List.of(second));
        assertThat(frontier.awaitDone(1, Duration.ZERO)).isFalse();
        assertThat(frontier.awaitsOnly(Set.of(first.ordinal()), 2)).isTrue();
        assertThat(frontier.awaitsOnly(Set.of(second.ordinal()), 2)).isFalse();
        frontier.done(List.of(first));
        assertThat(frontier.awaitDone(2, Duration.ZERO)).isTrue();
    }

    @Test
    void theLastChunkTakesWhateverIsAddedBehindIt() {
        Frontier.Ticket last = frontier.send(new KeyRange(List.of(), List.of()), null);
        Image image = admit(1_000_000);
        assertThat(frontier.needsPoints()).isTrue();
        frontier.arrived(last);
        assertThat(frontier.needsPoints()).isFalse();
        assertThat(frontier.take(10)).containsExactly(image);
    }

    /** How late a row may become visible after its event, and what is done about it. */
    private enum Copier {
        AS_IT_IS,
        DROPS_WHAT_IS_NOT_SENT,
        APPLIES_WHAT_IS_IN_FLIGHT
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void noHistoryEndsWithAnotherGhostThanItsTable(long seed) {
        assertThat(differences(seed, Copier.AS_IT_IS)).as("seed " + seed).isEmpty();
    }

    @Test
    void aFrontierThatSkipsAboveTheWatermarkLosesRows() {
        assertThat(differencesOfMany(Copier.DROPS_WHAT_IS_NOT_SENT)).isPositive();
    }

    @Test
    void aFrontierThatAppliesWhatIsInFlightIsOvertakenByTheCopy() {
        assertThat(differencesOfMany(Copier.APPLIES_WHAT_IS_IN_FLIGHT)).isPositive();
    }

    private static int differencesOfMany(Copier copier) {
        int different = 0;
        for (long seed = 1; seed <= 200; seed++) {
            different += differences(seed, copier).size();
        }
        return different;
    }

    /** A table, its log, and a copy of it, in a random order of steps in which each step keeps the server's promises. */
    private static Map<Integer, String> differences(long seed, Copier copier) {
        Random random = new Random(seed);
        Frontier frontier = new Frontier(null, false);
        // committed[i] is what the log says of the i-th transaction; visible ones are a prefix of it, read ones too.
        List<Image> log = new ArrayList<>();
        TreeMap<Integer, Integer> visible = new TreeMap<>();
        Map<Integer, Integer> truth = new HashMap<>();
        Map<Integer, Integer> ghost = new HashMap<>();
        for (int id = 0; id < 30; id++) {
            visible.put(id, -1);
            truth.put(id, -1);
        }
        int visibleUpTo = 0;
        int read = 0;
        List<Frontier.Ticket> flights = new ArrayList<>();
        List<Map<Integer, Integer>> snapshots = new ArrayList<>();
        int sent = -1;
        for (int step = 0; step < 1500 || sent < 40 || !flights.isEmpty(); step++) {
            boolean isDraining = step > 1500;
            switch (random.nextInt(8)) {
                case 0, 1 -> {
                    if (!isDraining) {
                        int id = random.nextInt(40);
                        boolean isDelete = random.nextInt(4) == 0;
                        log.add(new Image(
                                log.size(), key(id), isDelete ? null : new Row(new Object[] {(long) log.size()})));
                        put(truth, id, log.get(log.size() - 1));
                    }
                }
                case 2 -> {
                    // The event may be read long before this.
                    if (visibleUpTo < log.size()) {
                        Image next = log.get(visibleUpTo++);
                        put(visible, Integer.parseInt(next.key().get(0)), next);
                    }
                }
                case 3, 4 -> {
                    if (read < log.size()) {
                        Image image = log.get(read++);
                        int id = Integer.parseInt(image.key().get(0));
                        boolean isLost = copier == Copier.DROPS_WHAT_IS_NOT_SENT && id > sent;
                        boolean isEarly = copier == Copier.APPLIES_WHAT_IS_IN_FLIGHT && !flights.isEmpty();
                        if (isEarly) {
                            put(ghost, id, image);
                        } else if (!isLost) {
                            frontier.admit(image, point(id));
                        }
                    }
                }
                case 5 -> {
                    if (sent < 40 && flights.size() < 3 && random.nextInt(12) == 0) {
                        int upTo = sent + 1 + random.nextInt(6);
                        boolean isLast = upTo >= 40;
                        List<String> after = frontier.sentUpTo();
                        flights.add(frontier.send(
                                new KeyRange(after, isLast ? List.of() : key(upTo)), isLast ? null : point(upTo)));
                        snapshots.add(new HashMap<>(visible.subMap(sent, false, isLast ? 1000 : upTo, true)));
                        sent = isLast ? 40 : upTo;
                    }
                }
                case 6 -> {
                    if (!flights.isEmpty() && random.nextInt(12) == 0) {
                        int which = random.nextInt(flights.size());
                        ghost.putAll(snapshots.remove(which));
                        frontier.arrived(flights.remove(which));
                    }
                }
                default -> {
                    if (random.nextBoolean()) {
                        // A marker of ours was confirmed, so all that was read before it was written is visible.
                        frontier.visibleUpTo(Math.min(read, visibleUpTo));
                    } else {
                        List<Image> images = frontier.take(1 + random.nextInt(3));
                        images.forEach(i -> put(ghost, Integer.parseInt(i.key().get(0)), i));
                        frontier.done(images);
                    }
                }
            }
        }
        for (Image image : log.subList(read, log.size())) {
            frontier.admit(image, point(Integer.parseInt(image.key().get(0))));
        }
        frontier.take(Integer.MAX_VALUE)
                .forEach(i -> put(ghost, Integer.parseInt(i.key().get(0)), i));
        Map<Integer, String> different = new TreeMap<>();
        for (int id = 0; id < 40; id++) {
            @Nullable Integer is = ghost.get(id);
            @Nullable Integer should = truth.get(id);
            if (is == null ? should != null : !is.equals(should)) {
                different.put(id, is + " instead of " + should);
            }
        }
        return different;
    }

    private static void put(Map<Integer, Integer> table, int id, Image image) {
        if (image.row() == null) {
            table.remove(id);
        } else {
            table.put(id, (int) image.ordinal());
        }
    }
}

package io.crossfade.migrator.follow;

import io.crossfade.state.ControlStore;
import io.crossfade.state.UnproxiedRow;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What was found and is not in the control tables yet, by transaction, so that one which is read again is not counted twice.
 *
 * <p>One thread at a time.
 */
final class Tally {

    /** Names kept of one change; who comes later is counted without a name. */
    private static final int WRITERS_MAX = 20;

    private final List<Found> found = new ArrayList<>();

    /** One row change whose sides disagreed. */
    private record Found(Written.Origin origin, String side, boolean isMended, String key) {}

    private record Group(String writer, String side) {}

    void add(Written.Origin origin, String side, boolean isMended, String key) {
        found.add(new Found(origin, side, isMended, key));
    }

    /** Forgets a transaction that will be read again. */
    void forget(Written.Origin origin) {
        found.removeIf(f -> f.origin().equals(origin));
    }

    /** The sessions of what is ended and not counted yet. */
    Set<Long> sessions() {
        return found.stream()
                .filter(f -> f.origin().isEnded())
                .map(f -> f.origin().session())
                .collect(Collectors.toSet());
    }

    boolean hasEnded() {
        return found.stream().anyMatch(f -> f.origin().isEnded());
    }

    /** Puts what has ended into the control tables, in the caller's transaction. */
    void save(ControlStore store, String changeId, Map<Long, String> names) throws SQLException {
        Set<String> known = store.unproxied().of(changeId).stream()
                .map(UnproxiedRow::writer)
                .collect(Collectors.toSet());
        Map<Group, UnproxiedRow> sums = new HashMap<>();
        for (Found one : found) {
            if (one.origin().isEnded()) {
                String writer = names.getOrDefault(one.origin().session(), "");
                if (!known.contains(writer) && known.size() >= WRITERS_MAX) {
                    writer = "";
                }
                known.add(writer);
                sums.merge(new Group(writer, one.side()), row(one, writer), Tally::sum);
            }
        }
        for (UnproxiedRow sum : sums.values()) {
            store.unproxied().add(changeId, sum);
        }
    }

    /** What has been put there is not put there again. */
    void saved() {
        found.removeIf(f -> f.origin().isEnded());
    }

    private static UnproxiedRow row(Found one, String writer) {
        Instant at = Instant.ofEpochMilli(one.origin().serverMillis());
        return new UnproxiedRow(writer, one.side(), 1, one.isMended() ? 1 : 0, at, at, Duration.ZERO, one.key());
    }

    /** The second is the later one. */
    private static UnproxiedRow sum(UnproxiedRow one, UnproxiedRow other) {
        return new UnproxiedRow(
                one.writer(),
                one.side(),
                one.times() + other.times(),
                one.repaired() + other.repaired(),
                one.firstAt(),
                other.lastAt(),
                Duration.ZERO,
                other.lastKey());
    }
}

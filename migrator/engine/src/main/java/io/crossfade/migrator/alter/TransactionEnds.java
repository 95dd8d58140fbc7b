package io.crossfade.migrator.alter;

import io.crossfade.migrator.stream.LogPosition;
import java.util.ArrayDeque;
import java.util.Deque;

/** Where transactions ended in the change log: what is behind the last whole one need not be read again. Safe for many threads. */
final class TransactionEnds {

    /** Remembered at once; where there are more, every second one is forgotten, which only costs work after a kill. */
    private static final int ENDS_MAX = 4_096;

    private final Deque<End> ends = new ArrayDeque<>();

    /** @param ordinal of the first image behind it */
    private record End(long ordinal, LogPosition position) {}

    /**
     * @param from where the log is read from: as if a transaction had ended there
     */
    TransactionEnds(LogPosition from) {
        ends.add(new End(0, from));
    }

    synchronized void add(long ordinal, LogPosition position) {
        ends.addLast(new End(ordinal, position));
        if (ends.size() > ENDS_MAX) {
            thinOut();
        }
    }

    /** The last one before which no image from this one on stands; those before it are forgotten. */
    synchronized LogPosition lastBefore(long ordinal) {
        End safe = ends.getFirst();
        while (ends.size() > 1) {
            End second = ends.stream().skip(1).findFirst().orElseThrow();
            if (second.ordinal() > ordinal) {
                break;
            }
            ends.removeFirst();
            safe = second;
        }
        return safe.position();
    }

    private void thinOut() {
        Deque<End> kept = new ArrayDeque<>();
        boolean keeps = true;
        for (End end : ends) {
            if (keeps || end.equals(ends.getLast())) {
                kept.add(end);
            }
            keeps = !keeps;
        }
        ends.clear();
        ends.addAll(kept);
    }
}

package io.crossfade.migrator.follow;

import io.crossfade.migrator.follow.MappedColumns.Touch;
import io.crossfade.migrator.row.Row;
import java.util.List;

/**
 * One row as somebody wrote it, from the log. Immutable.
 *
 * @param number in the order of the log
 * @param origin whose transaction it was
 * @param row its image afterwards
 * @param touched by mapping, the sides that were written and may disagree
 */
record Written(long number, Origin origin, List<String> key, Row row, List<Touch> touched) {

    /** Around the values: the objects of an entry. Judged, not measured. */
    private static final int ENTRY_BYTES = 200;

    Written {
        touched = List.copyOf(touched);
    }

    long bytes() {
        return ENTRY_BYTES + row.bytes();
    }

    /** A transaction of the log; who it was is known at its end. Confined to the thread that follows. */
    static final class Origin {
        private long session;
        private long serverMillis;
        private boolean isEnded;

        void end(long bySession, long millis) {
            session = bySession;
            serverMillis = millis;
            isEnded = true;
        }

        /** 0 where the log does not tell. */
        long session() {
            return session;
        }

        long serverMillis() {
            return serverMillis;
        }

        boolean isEnded() {
            return isEnded;
        }
    }
}

package io.crossfade.migrator.run;

import io.crossfade.migrator.signal.Listener;
import io.crossfade.migrator.signal.Progress;
import java.util.HashSet;
import java.util.Set;

/** Ends a run at each thing that it tells, once: as a kill there would. One thread at a time. */
final class Crash implements Listener {

    /** What no code catches. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1;

        Killed(String at) {
            super(at);
        }
    }

    private final Set<String> passed = new HashSet<>();
    private final int chunksBetween;
    private int chunks;

    /**
     * @param chunksBetween how many chunks pass between two kills within a task
     */
    Crash(int chunksBetween) {
        this.chunksBetween = chunksBetween;
    }

    int kills() {
        return passed.size();
    }

    @Override
    public void on(Progress progress) {
        String point;
        if (progress instanceof Progress.Rows rows) {
            if (rows.isDone() || ++chunks % chunksBetween != 0) {
                return;
            }
            point = rows.task() + " " + rows.rowsDone();
        } else if (progress instanceof Progress.Executed executed) {
            point = executed.sql();
        } else if (progress instanceof Progress.Waiting || progress instanceof Progress.Note) {
            return;
        } else {
            point = progress.toString();
        }
        if (passed.add(point)) {
            throw new Killed(point);
        }
    }
}

package io.crossfade.migrator.run;

import io.crossfade.migrator.signal.Listener;
import io.crossfade.migrator.signal.Progress;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;

/** Ends a run at each thing that it tells, once: as a kill there would. Safe for many threads. */
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
    private boolean diesAtNotes;
    private int everyPoints = 1;
    private long first;
    private int chunks;

    /**
     * @param chunksBetween how many chunks pass between two kills within a task
     */
    Crash(int chunksBetween) {
        this.chunksBetween = chunksBetween;
    }

    /** Ends it at each so many of the points only, from one taken by chance; the seed is printed. */
    Crash atEvery(int points) {
        everyPoints = points;
        first = Long.getLong("crossfade.test.seed", new SplittableRandom().nextInt(points));
        System.out.println("ended at every " + points + "th point: -Dcrossfade.test.seed=" + first);
        return this;
    }

    /** Ends it at notes too: a ghost tells of its places by them. */
    Crash atNotes() {
        diesAtNotes = true;
        return this;
    }

    /** The points that it came by, killed or not. */
    int points() {
        return passed.size();
    }

    @Override
    public synchronized void on(Progress progress) {
        String point;
        if (progress instanceof Progress.Rows rows) {
            if (rows.isDone() || ++chunks % chunksBetween != 0) {
                return;
            }
            point = rows.task() + " " + rows.rowsDone();
        } else if (progress instanceof Progress.Executed executed) {
            point = executed.sql();
        } else if (diesAtNotes && progress instanceof Progress.Note note) {
            point = note.text().replaceAll("[0-9]+", "#");
        } else if (progress instanceof Progress.Waiting
                || progress instanceof Progress.Note
                || progress instanceof Progress.Throttled) {
            return;
        } else {
            point = progress.toString();
        }
        if (passed.add(point) && (passed.size() + first) % everyPoints == 0) {
            throw new Killed(point);
        }
    }
}

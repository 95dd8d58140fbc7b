package io.crossfade.migrator.alter;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the operator may change while a table change runs. Safe for many threads.
 *
 * <p>Throttles have their own live settings; they are made by whoever starts the run.
 */
public final class Controls {
    /** As gh-ost bounds its own. */
    public static final int CHUNK_ROWS_MAX = 100_000;

    private volatile int chunkRows = 1000;
    private volatile int chunkRowsMax = CHUNK_ROWS_MAX;
    private volatile int applyRows = 1000;
    private volatile double niceRatio;
    private volatile @Nullable Path postponeFlagFile;
    private volatile boolean isPostponed;
    private volatile boolean isUnpostponed;
    private volatile boolean skipsChecksumBack;
    private boolean isPanicking;
    private Runnable onPanic = () -> {};

    /** Rows in the first chunk; later ones follow the measured time. Setting it starts from there again. */
    public int chunkRows() {
        return chunkRows;
    }

    public void chunkRows(int rows) {
        chunkRows = rows;
    }

    /** No chunk of the copy has more; where it is asked for by name a chunk is as large at first, and smaller where that takes long. */
    public int chunkRowsMax() {
        return chunkRowsMax;
    }

    /** Chunks have this many rows from now on, and never more. */
    public void chunkRowsAtMost(int rows) {
        chunkRowsMax = rows;
        chunkRows = rows;
    }

    /** Row images put into the ghost in one transaction at most. */
    public int applyRows() {
        return applyRows;
    }

    public void applyRows(int rows) {
        applyRows = rows;
    }

    /** After a chunk that took t, the copy rests for this times t. */
    public double niceRatio() {
        return niceRatio;
    }

    public void niceRatio(double ratio) {
        niceRatio = ratio;
    }

    /** While this file exists the cut-over is put off. */
    public Optional<Path> postponeFlagFile() {
        return Optional.ofNullable(postponeFlagFile);
    }

    /** From now on by this file, whatever was said about an earlier one. */
    public void postponeFlagFile(@Nullable Path file) {
        postponeFlagFile = file;
        isUnpostponed = false;
    }

    /** Makes the file where it is not there: the cut-over waits until somebody takes it away. */
    public void makePostponeFlagFile() {
        Path file = postponeFlagFile;
        if (file == null || Files.exists(file)) {
            return;
        }
        try {
            Files.createFile(file);
        } catch (FileAlreadyExistsException e) {
            // Somebody else was quicker.
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "cannot make the flag file " + file + ", which would put the cut-over off; " + e
                            + "; name one in a folder that can be written",
                    e);
        }
    }

    /** Whether the cut-over has to wait, by the file or by word. */
    public boolean isPostponed() {
        Path file = postponeFlagFile;
        return !isUnpostponed && (isPostponed || (file != null && Files.exists(file)));
    }

    /** Puts the cut-over off until {@link #unpostpone}. */
    public void postpone() {
        isPostponed = true;
        isUnpostponed = false;
    }

    /** Lets the cut-over go ahead, whatever the file says; until it is put off again, by word or by a file that is named then. */
    public void unpostpone() {
        isPostponed = false;
        isUnpostponed = true;
    }

    /** Whether the way back exchanges the names without comparing the tables, or without going on with that. */
    public boolean skipsChecksumBack() {
        return skipsChecksumBack;
    }

    public void skipChecksumBack() {
        skipsChecksumBack = true;
    }

    /** Ends the run at once, without cleaning up. */
    public synchronized void panic() {
        isPanicking = true;
        onPanic.run();
    }

    public synchronized boolean isPanicking() {
        return isPanicking;
    }

    /** Has the run hear of a panic, also of one that came before the run. */
    synchronized void onPanic(Runnable told) {
        onPanic = told;
        if (isPanicking) {
            told.run();
        }
    }
}

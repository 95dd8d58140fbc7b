package io.crossfade.cli;

import io.crossfade.migrator.signal.Listener;
import io.crossfade.migrator.signal.Progress;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/**
 * Progress for people. On a terminal one line is written over and over; elsewhere a line is added every few seconds.
 *
 * <p>One thread at a time.
 */
final class TextProgress implements Listener {

    /** A terminal is read by eye. */
    private static final Duration EVERY_ON_TERMINAL = Duration.ofMillis(100);

    /** A log is read later. */
    private static final Duration EVERY_ELSEWHERE = Duration.ofSeconds(5);

    private static final String CLEAR_LINE = "\r\u001b[K";

    private final PrintStream out;
    private final boolean isTerminal;
    private boolean isLineOpen;
    private long nextNanos = System.nanoTime();

    TextProgress(PrintStream out, boolean isTerminal) {
        this.out = out;
        this.isTerminal = isTerminal;
    }

    @Override
    public void on(Progress progress) {
        if (progress instanceof Progress.Moved moved) {
            line(moved.change() + ": " + moved.from().word() + " → "
                    + moved.to().word() + " (epoch " + moved.epoch() + ")");
        } else if (progress instanceof Progress.Began began) {
            line("· " + began.step());
        } else if (progress instanceof Progress.Executed executed) {
            line("  " + executed.sql() + "  [" + executed.took().toMillis() + " ms]");
        } else if (progress instanceof Progress.Rows rows) {
            if (rows.isDone()) {
                line("  " + rows.task() + ": " + count(rows.rowsDone()) + " rows looked at, "
                        + count(rows.rowsChanged()) + " written");
            } else {
                passing("  " + rows.task() + ": " + count(rows.rowsDone()) + " of about " + count(rows.rowsTotal())
                        + " rows, " + count(rows.rowsChanged()) + " written, " + count((long) rows.rowsPerSecond())
                        + " rows/s, " + clock(rows.left()) + " left");
            }
        } else if (progress instanceof Progress.Waiting waiting) {
            passing("  waiting for " + waiting.forWhom() + " ("
                    + waiting.elapsed().toSeconds() + " s of at most "
                    + waiting.bound().toSeconds() + " s)");
        } else if (progress instanceof Progress.Throttled throttled) {
            passing("  holding back: " + throttled.reason());
        } else if (progress instanceof Progress.CopiedAgain again) {
            passing("  a chunk is copied once more: " + again.error());
        } else if (progress instanceof Progress.Note note) {
            line("  " + note.text());
        } else if (progress instanceof Progress.Warning warning) {
            line("  warning: " + warning.text());
        }
    }

    /** Ends a line that is still being written over. */
    void end() {
        if (isLineOpen) {
            out.println();
            isLineOpen = false;
        }
        out.flush();
    }

    private void line(String text) {
        if (isLineOpen) {
            out.print(CLEAR_LINE);
            isLineOpen = false;
        }
        out.println(text);
        nextNanos = System.nanoTime() + (isTerminal ? 0 : EVERY_ON_TERMINAL.toNanos());
    }

    private void passing(String text) {
        if (System.nanoTime() - nextNanos < 0) {
            return;
        }
        nextNanos = System.nanoTime() + (isTerminal ? EVERY_ON_TERMINAL : EVERY_ELSEWHERE).toNanos();
        if (isTerminal) {
            out.print(CLEAR_LINE + text);
            out.flush();
            isLineOpen = true;
        } else {
            out.println(text);
        }
    }

    private static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static String clock(Duration left) {
        return left.toHours() > 0
                ? left.toHours() + " h " + left.toMinutesPart() + " min"
                : left.toMinutes() > 0
                        ? left.toMinutes() + " min " + left.toSecondsPart() + " s"
                        : left.toSeconds() + " s";
    }
}

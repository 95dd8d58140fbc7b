package io.crossfade.samples.shop;

import java.io.PrintStream;
import java.util.Locale;

/** Where the run tells what it does: plain lines, each with the seconds since the start. Safe for many threads. */
public final class Screen {
    private final PrintStream out;
    private final long startNanos = System.nanoTime();
    private volatile boolean closed;

    public Screen(PrintStream out) {
        this.out = out;
    }

    /** A step of the run. */
    public void say(String text) {
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        plain(String.format(Locale.ROOT, "%6.1f s  %s", seconds, text));
    }

    /** What somebody else says, set off. */
    void quote(String line) {
        plain("          | " + line);
    }

    /** A line as it is. */
    public void plain(String line) {
        if (!closed) {
            out.println(line);
        }
    }

    /** Says nothing any more. */
    public void close() {
        closed = true;
    }
}

package io.crossfade.samples.shop.traffic;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What the clerks noticed: statements that failed, and reads that were not what the ledger says. Safe for many threads. */
public final class Findings {
    /** Enough to see what is wrong; a fault that shows once usually shows thousands of times. */
    private static final int SHOWN_MAX = 12;

    private final Consumer<String> screen;
    private final List<String> shown = new ArrayList<>();
    private long wrongReads;
    private boolean closed;

    public Findings(Consumer<String> screen) {
        this.screen = screen;
    }

    /** Says that a statement failed; {@link Meter} has counted it. */
    synchronized void failed(SQLException e) {
        show("statement failed: SQLState " + e.getSQLState() + ", code " + e.getErrorCode() + ": " + e.getMessage());
    }

    /** Says that the shop could not make sense of what it read. */
    synchronized void broken(RuntimeException e) {
        wrongReads++;
        StackTraceElement[] trace = e.getStackTrace();
        show("wrong read: " + e + (trace.length > 0 ? " at " + trace[0] : ""));
    }

    /** Compares what was read with what the ledger says. */
    synchronized void expect(String what, Object expected, Object seen) {
        if (!expected.equals(seen)) {
            wrongReads++;
            show("wrong read: " + what + ": expected " + expected + ", seen " + seen);
        }
    }

    public synchronized long wrongReads() {
        return wrongReads;
    }

    /** What was shown, the first findings of all. */
    public synchronized List<String> shown() {
        return List.copyOf(shown);
    }

    /** Says nothing any more: the server is going away. */
    public synchronized void close() {
        closed = true;
    }

    private void show(String finding) {
        if (!closed && shown.size() < SHOWN_MAX) {
            shown.add(finding);
            screen.accept("! " + finding);
        }
    }
}

package io.crossfade.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crossfade.migrator.signal.Listener;
import io.crossfade.migrator.signal.Progress;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.Locale;

/** Progress for programs: one JSON object a line, its kind under {@code event}. Safe for many threads. */
final class JsonProgress implements Listener {

    /** Rows and waits come by the dozen a second; a reader wants one. */
    private static final long EVERY_NANOS = 1_000_000_000L;

    private final PrintStream out;
    private final ObjectMapper mapper = new ObjectMapper();
    private long nextNanos = System.nanoTime();
    private boolean isEnded;

    JsonProgress(PrintStream out) {
        this.out = out;
    }

    @Override
    public synchronized void on(Progress progress) {
        ObjectNode node = mapper.createObjectNode();
        if (progress instanceof Progress.Moved moved) {
            node.put("event", "moved").put("change", moved.change());
            node.put("from", moved.from().word()).put("to", moved.to().word()).put("epoch", moved.epoch());
        } else if (progress instanceof Progress.Began began) {
            node.put("event", "began").put("step", began.step());
        } else if (progress instanceof Progress.Executed executed) {
            node.put("event", "executed").put("sql", executed.sql());
            node.put("millis", executed.took().toMillis());
        } else if (progress instanceof Progress.Rows rows) {
            if (!rows.isDone() && !isDue()) {
                return;
            }
            node.put("event", "rows").put("task", rows.task()).put("rowsDone", rows.rowsDone());
            node.put("rowsTotal", rows.rowsTotal()).put("rowsChanged", rows.rowsChanged());
            node.put("rowsPerSecond", Math.round(rows.rowsPerSecond()));
            node.put("secondsLeft", rows.left().toSeconds()).put("isDone", rows.isDone());
        } else if (progress instanceof Progress.Waiting waiting) {
            if (!isDue()) {
                return;
            }
            node.put("event", "waiting").put("for", waiting.forWhom());
            node.put("seconds", waiting.elapsed().toSeconds());
            node.put("secondsMax", waiting.bound().toSeconds());
        } else if (progress instanceof Progress.Throttled throttled) {
            if (!isDue()) {
                return;
            }
            node.put("event", "throttled").put("reason", throttled.reason());
        } else if (progress instanceof Progress.CopiedAgain again) {
            node.put("event", "copiedAgain").put("error", again.error());
        } else if (progress instanceof Progress.Reached reached) {
            node.put("event", "reached").put("milestone", reached.milestone().name());
        } else if (progress instanceof Progress.Note note) {
            node.put("event", "note").put("text", note.text());
        } else if (progress instanceof Progress.Warning warning) {
            node.put("event", "warning").put("text", warning.text());
        }
        write(node);
    }

    /**
     * The last line: how it ended. What a thread beside the run has to say later is not shown any more.
     *
     * @param reason why it did not do what was asked for; empty where it did
     */
    synchronized void ended(ExitCode code, String reason) {
        ObjectNode node = mapper.createObjectNode();
        node.put("event", "ended").put("outcome", code.name().toLowerCase(Locale.ROOT));
        write(node.put("exitCode", code.code()).put("reason", reason));
        isEnded = true;
    }

    /** Writes one object as a line. */
    synchronized void write(ObjectNode node) {
        if (isEnded) {
            return;
        }
        try {
            out.println(mapper.writeValueAsString(node));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
        out.flush();
    }

    private boolean isDue() {
        if (System.nanoTime() - nextNanos < 0) {
            return false;
        }
        nextNanos = System.nanoTime() + EVERY_NANOS;
        return true;
    }
}

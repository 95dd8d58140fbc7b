package io.crossfade.migrator.stream;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * XA transactions that are prepared and not yet decided. Their rows stand in the log at XA PREPARE, but are valid, and visible
 * to others, from XA COMMIT on; so they are held back until then. No one else can write the same rows meanwhile: they are
 * locked. The position that is reported does not pass the first of them, so a later run reads them again.
 *
 * <p>Confined to the reader's thread.
 */
final class Prepared {
    private final long bytesMax;
    private final Map<String, Held> held = new LinkedHashMap<>();
    private long bytes;

    Prepared(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** Confined as its owner is. */
    private static final class Held {
        private final LogPosition before;
        private final List<LogEvent.Changed> changes = new ArrayList<>();
        private long bytes;
        private boolean isSealed;

        Held(LogPosition before) {
            this.before = before;
        }
    }

    /** Keeps a change of a transaction that is being read. */
    void hold(String xid, LogEvent.Changed change, long changeBytes, LogPosition before) {
        Held transaction = open(xid, before);
        transaction.changes.add(change);
        transaction.bytes += changeBytes;
        bytes += changeBytes;
        if (bytes > bytesMax) {
            throw new Unreadable(
                    "prepared XA transactions with more rows of " + change.table() + " than can be held back ("
                            + bytesMax / (1024 * 1024) + " MiB)",
                    "let them end, then begin again");
        }
    }

    /** The transaction is prepared. */
    void seal(String xid, LogPosition before) {
        open(xid, before).isSealed = true;
    }

    /** Its changes, which are valid now. */
    List<LogEvent.Changed> commit(String xid) {
        Held transaction = held.remove(xid);
        if (transaction == null) {
            throw new Unreadable(
                    "the commit of an XA transaction that was prepared before reading began, so its rows are not known",
                    "begin again with a fresh copy while no XA transaction is prepared");
        }
        bytes -= transaction.bytes;
        return transaction.changes;
    }

    /** The changes of one that was prepared and committed in one step; none where it wrote no watched rows. */
    List<LogEvent.Changed> commitAtOnce(String xid) {
        return held.containsKey(xid) ? commit(xid) : List.of();
    }

    void rollBack(String xid) {
        Held transaction = held.remove(xid);
        bytes -= transaction == null ? 0 : transaction.bytes;
    }

    /** The place before the first one that is undecided; null where none is. */
    @Nullable
    LogPosition floor() {
        return held.isEmpty() ? null : held.values().iterator().next().before;
    }

    /** One that a lost connection cut off begins anew. */
    private Held open(String xid, LogPosition before) {
        return held.computeIfAbsent(xid, x -> new Held(before));
    }

    /** Forgets what was not prepared when the connection was lost. */
    void rewind() {
        held.values().removeIf(transaction -> {
            bytes -= transaction.isSealed ? 0 : transaction.bytes;
            return !transaction.isSealed;
        });
    }
}

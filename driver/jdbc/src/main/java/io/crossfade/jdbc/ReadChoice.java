package io.crossfade.jdbc;

import io.crossfade.flag.KeyComment;
import io.crossfade.flag.ReadShare;
import io.crossfade.flag.Shares;
import io.crossfade.sql.SessionView;
import io.crossfade.state.Snapshot;
import org.jspecify.annotations.Nullable;

/**
 * By which key and under which flags a transaction reads: taken at its first statement that may name a changing table, and kept to
 * its end. The planner's view of the session follows from it.
 *
 * <p>One thread at a time, as the connection.
 */
final class ReadChoice {
    private final ControlLink link;
    private final SessionFacts facts;
    private final EpochPins pins;

    private volatile @Nullable String nextKey;
    private volatile @Nullable Taken taken;
    private volatile @Nullable Seen seen;

    private record Taken(String key, Shares flags) {}

    /** A view and what it was made from, so that it is made anew only when one of them moves. */
    private record Seen(Snapshot snapshot, Taken taken, SessionView view) {}

    ReadChoice(ControlLink link, SessionFacts facts, EpochPins pins) {
        this.link = link;
        this.facts = facts;
        this.pins = pins;
    }

    @Nullable
    String key() {
        return nextKey;
    }

    /** Holds for transactions that have not met a changing table yet. */
    void setKey(@Nullable String value) {
        nextKey = value == null || value.isEmpty() ? null : value;
    }

    /** The next statement that may name a changing table chooses anew. */
    void forget() {
        taken = null;
    }

    void forgetOutsideOfTransactions() {
        if (taken != null && !pins.isInTransaction()) {
            taken = null;
        }
    }

    /** The session as the planner sees it: the same object as long as nothing in it has changed. */
    SessionView view(String sql, Snapshot snapshot) {
        Taken chosen = taken;
        if (chosen == null) {
            chosen = new Taken(shareKey(sql), link.shares());
            taken = chosen;
        }
        Seen last = seen;
        if (last != null
                && last.snapshot.epoch() == snapshot.epoch()
                && last.taken.equals(chosen)
                && last.view.mode().equals(facts.mode())
                && last.view.schema().equals(facts.schema())) {
            return last.view;
        }
        SessionView view = new SessionView(
                facts.schema(),
                facts.mode(),
                link.settings().view(),
                ReadShare.readsNew(chosen.key, snapshot, chosen.flags));
        seen = new Seen(snapshot, chosen, view);
        return view;
    }

    /** What the application set, else what the statement says in a comment, else this client. */
    private String shareKey(String sql) {
        String own = nextKey;
        String key = own == null ? KeyComment.key(sql, facts.mode(), link.dialect()) : own;
        return key == null ? link.shareKey(facts.connectionId()) : key;
    }
}

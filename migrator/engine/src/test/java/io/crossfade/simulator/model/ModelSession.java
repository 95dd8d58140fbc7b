package io.crossfade.simulator.model;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A session on the model server: its transaction, its locks. It lives until the server lets go of it. */
public final class ModelSession {

    /** No consistent read has been made in the transaction yet. */
    static final long NO_SNAPSHOT = -1;

    private final long id;
    private final String client;
    final Set<ModelTable> tables = new LinkedHashSet<>();
    final Map<ModelRow, ModelTable> locked = new LinkedHashMap<>();
    boolean isAutoCommit = true;
    boolean readsCommitted;
    boolean isGone;
    boolean isKilled;
    long snapshot = NO_SNAPSHOT;

    @Nullable
    String lock;

    ModelSession(long id, String client) {
        this.id = id;
        this.client = client;
    }

    public long id() {
        return id;
    }

    /** The client's id among the connection attributes; empty where none was given. */
    public String client() {
        return client;
    }

    /** Whether the server has let go of it: it is in no list any more, and its transaction was rolled back. */
    public boolean isGone() {
        return isGone;
    }

    /** Whether it was killed; it may still be in the list for a while. */
    public boolean isKilled() {
        return isKilled;
    }

    public boolean isAutoCommit() {
        return isAutoCommit;
    }

    /** Whether a transaction is under way that has touched a table. */
    public boolean isInTransaction() {
        return !isAutoCommit && !tables.isEmpty();
    }
}

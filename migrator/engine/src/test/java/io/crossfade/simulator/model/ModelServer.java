package io.crossfade.simulator.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A database server in memory, as far as the protocol leans on one: rows with committed versions, row locks, transactions
 * that are rolled back with their session, consistent reads, metadata locks, named locks, a list of sessions that can be
 * killed, a clock.
 *
 * <p>Every statement is carried out at one instant. A lock that is held by somebody else is not waited for: the statement
 * fails as it does after the wait. A killed session stays in the list until {@link #reap}.
 *
 * <p>One thread at a time.
 */
public final class ModelServer {
    private static final Map<String, Sql> READ = new ConcurrentHashMap<>();

    /** More texts than a simulation has; those with literals in odd places are read again. */
    private static final int TEXTS_MAX = 20_000;

    private final Map<String, ModelTable> tables = new HashMap<>();
    private final Map<Long, ModelSession> sessions = new LinkedHashMap<>();
    private final Map<String, ModelSession> locks = new HashMap<>();
    private final LongSupplier nowMicros;
    private final ModelCatalog catalog;
    private long nextSession = 1;
    private long commits;

    /**
     * @param nowMicros the server's clock
     * @param showsAttributes whether it shows what sessions say of themselves; MariaDB does not by default
     */
    public ModelServer(LongSupplier nowMicros, boolean showsAttributes) {
        this.nowMicros = nowMicros;
        this.catalog = new ModelCatalog(this, showsAttributes);
    }

    // --- sessions ---------------------------------------------------------------------------------------------------

    public ModelSession open(String client) {
        ModelSession session = new ModelSession(nextSession++, client);
        sessions.put(session.id(), session);
        return session;
    }

    public Collection<ModelSession> sessions() {
        return sessions.values();
    }

    public @Nullable ModelSession session(long id) {
        return sessions.get(id);
    }

    /** The server lets go of a session: its transaction is rolled back, its locks are free. */
    public void reap(ModelSession session) {
        if (!session.isGone) {
            rollback(session);
            locks.values().removeIf(s -> s == session);
            sessions.remove(session.id());
            session.isGone = true;
        }
    }

    public void commit(ModelSession session) {
        long commit = commits + 1;
        session.locked.forEach((row, table) -> {
            if (row.isPending) {
                row.newest = new ModelRow.Version(commit, row.pending, row.newest);
                commits = commit;
            }
            release(row, table);
        });
        end(session);
    }

    public void rollback(ModelSession session) {
        session.locked.forEach(ModelServer::release);
        end(session);
    }

    public void autoCommit(ModelSession session, boolean on) {
        if (on && !session.isAutoCommit) {
            commit(session);
        }
        session.isAutoCommit = on;
    }

    public void readCommitted(ModelSession session) {
        session.readsCommitted = true;
    }

    private static void release(ModelRow row, ModelTable table) {
        row.isPending = false;
        row.pending = null;
        row.holder = null;
        if (row.newest == null) {
            table.forget(row);
        }
    }

    private static void end(ModelSession session) {
        session.locked.clear();
        session.tables.clear();
        session.snapshot = ModelSession.NO_SNAPSHOT;
    }

    // --- statements -------------------------------------------------------------------------------------------------

    /** Carries out a statement, and what belongs to it, in one transaction; in autocommit mode it is a transaction of its own. */
    public Result execute(
            ModelSession session, String text, @Nullable Object[] parameters, Consumer<Result> alsoInTransaction) {
        try {
            Result result = run(session, text, parameters);
            alsoInTransaction.accept(result);
            if (session.isAutoCommit) {
                commit(session);
            }
            return result;
        } catch (ModelException e) {
            if (session.isAutoCommit) {
                rollback(session);
            }
            throw e;
        }
    }

    /** Carries out a further statement within the transaction of the one that is carried out just now. */
    public Result within(ModelSession session, String text, @Nullable Object... parameters) {
        return run(session, text, parameters);
    }

    private Result run(ModelSession session, String text, @Nullable Object[] parameters) {
        Sql known = READ.get(text);
        if (known != null) {
            return execution(session, parameters).run(known);
        }
        Result special = catalog.answer(session, text, parameters);
        if (special != null) {
            return special;
        }
        if (text.startsWith("ALTER TABLE ")) {
            alter(session, text);
            return Result.count(0);
        }
        if (text.startsWith("CREATE TABLE IF NOT EXISTS ")) {
            ModelTable table = TableReader.read(text);
            tables.putIfAbsent(table.name(), table);
            return Result.count(0);
        }
        Sql sql = SqlReader.read(text);
        if (READ.size() > TEXTS_MAX) {
            READ.clear();
        }
        READ.put(text, sql);
        return execution(session, parameters).run(sql);
    }

    private Execution execution(ModelSession session, @Nullable Object[] parameters) {
        return new Execution(this, session, parameters, nowMicros.getAsLong());
    }

    private void alter(ModelSession session, String text) {
        TableReader.Alter alter = TableReader.alter(text);
        ModelTable table = table(alter.table());
        for (ModelSession other : sessions.values()) {
            if (other != session && other.tables.contains(table)) {
                throw new ModelException(
                        ModelException.LOCK_WAIT_TIMEOUT, "HY000", "Lock wait timeout exceeded: metadata lock");
            }
        }
        commits++;
        table.alteredAt = commits;
        alter.change().accept(table);
    }

    /** Takes a named lock; false where another session has it. */
    boolean takeLock(ModelSession session, String lock) {
        ModelSession holder = locks.putIfAbsent(lock, session);
        return holder == null || holder == session;
    }

    /** The cells of every committed row of a table, by key, in the table's order of columns. */
    public List<@Nullable Object[]> committed(String table) {
        List<@Nullable Object[]> all = new ArrayList<>();
        for (ModelRow row : table(table).rows()) {
            @Nullable Object[] cells = row.committed();
            if (cells != null) {
                all.add(cells);
            }
        }
        return all;
    }

    /** The committed cells of one row; null where it is not there. */
    public @Nullable Object @Nullable [] committed(String table, Object key) {
        ModelRow row = table(table).row(key);
        return row == null ? null : row.committed();
    }

    /** The names of a table's columns, in order. */
    public List<String> columns(String table) {
        return table(table).names();
    }

    /** The first item of a select list, for the rows of a table. */
    public static BiFunction<ModelServer, @Nullable Object[], @Nullable Object> item(String select) {
        Sql.Select read = (Sql.Select) SqlReader.read(select);
        Expr value = Objects.requireNonNull(read.items().get(0).value());
        String table = Objects.requireNonNull(read.table());
        return (server, cells) -> {
            Scope scope = new Scope(new Object[0], 0);
            scope.table = server.table(table);
            scope.alias = read.alias();
            scope.row = cells;
            return value.in(scope);
        };
    }

    /** How many transactions were committed that wrote anything. */
    public long commits() {
        return commits;
    }

    ModelTable table(String name) {
        ModelTable table = tables.get(name);
        if (table == null) {
            throw new ModelException(ModelException.NO_SUCH_TABLE, "42S02", "Table '" + name + "' doesn't exist");
        }
        return table;
    }
}

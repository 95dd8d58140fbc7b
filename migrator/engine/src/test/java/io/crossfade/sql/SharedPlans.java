package io.crossfade.sql;

import io.crossfade.dialect.Dialect;
import io.crossfade.dialect.Tokens;
import io.crossfade.model.Change;
import io.crossfade.model.Direction;
import io.crossfade.model.Stage;
import io.crossfade.model.Table;
import io.crossfade.model.TableName;
import io.crossfade.state.ChangeState;
import io.crossfade.state.Snapshot;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The plans of all simulations, each made once. A plan depends on the statement, the control state, the session, and what the
 * catalog says; so it is used again where all of them are the same. The catalog is asked the same questions in the same order
 * whether a plan is known or not, each once, since asking is an event of the simulation. Safe for many threads.
 */
public final class SharedPlans {

    private static final Map<Key, List<Known>> KNOWN = new ConcurrentHashMap<>();

    private record Key(String text, List<Standing> changes, SessionView view, boolean compares) {}

    /** Where a change stands. Its definition is one object for one text. */
    private record Standing(Change change, Stage stage, Direction direction) {

        @Override
        public boolean equals(Object other) {
            return other instanceof Standing that
                    && change == that.change
                    && stage == that.stage
                    && direction == that.direction;
        }

        @Override
        public int hashCode() {
            return stage.ordinal() * 2 + direction.ordinal();
        }
    }

    /** A plan, and the tables as they were when it was made, in the order in which they were asked for. */
    private record Known(Map<TableName, Optional<Table>> tables, Plan plan) {}

    private SharedPlans() {}

    public static Rewriter rewriter(Dialect dialect, Catalog catalog) {
        return new Rewriter(dialect, catalog, SharedPlans::plan);
    }

    private static Plan plan(
            Tokens tokens, Dialect dialect, Catalog catalog, Snapshot snapshot, SessionView session, boolean compares) {
        Key key = new Key(
                tokens.text(),
                snapshot.changes().stream().map(SharedPlans::standing).toList(),
                session,
                compares);
        List<Known> candidates = KNOWN.computeIfAbsent(key, k -> new CopyOnWriteArrayList<>());
        Map<TableName, Optional<Table>> asked = new HashMap<>();
        Catalog once = name -> {
            Optional<Table> table = asked.get(name);
            if (table == null) {
                table = catalog.table(name);
                asked.put(name, table);
            }
            return table;
        };
        for (Known known : candidates) {
            if (known.tables.entrySet().stream()
                    .allMatch(e -> once.table(e.getKey()).equals(e.getValue()))) {
                return known.plan;
            }
        }
        Map<TableName, Optional<Table>> tables = new LinkedHashMap<>();
        Catalog noting = name -> {
            Optional<Table> table = once.table(name);
            tables.putIfAbsent(name, table);
            return table;
        };
        Plan plan = Rewriter.planned(tokens, dialect, noting, snapshot, session, compares);
        candidates.add(new Known(tables, plan));
        return plan;
    }

    private static Standing standing(ChangeState state) {
        return new Standing(state.change(), state.stage(), state.direction());
    }
}

package io.crossfade.sql;

import io.crossfade.dialect.Dialect;
import io.crossfade.model.Column;
import io.crossfade.model.Mapping;
import io.crossfade.model.Side;
import io.crossfade.model.Table;
import io.crossfade.model.TableName;
import io.crossfade.state.ChangeState;
import io.crossfade.state.Snapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The tables that one statement may name: which of them change, and what columns they have. Confined to one planning. */
final class Tables {
    private final Dialect dialect;
    private final Catalog catalog;
    private final SessionView session;
    private final List<ChangeState> changes = new ArrayList<>();
    private final Map<String, ChangingTable> changing = new HashMap<>();
    private final Set<String> interesting = new HashSet<>();

    Tables(Dialect dialect, Catalog catalog, Snapshot snapshot, SessionView session) {
        this.dialect = dialect;
        this.catalog = catalog;
        this.session = session;
        for (ChangeState state : snapshot.changes()) {
            changes.add(state);
            interesting.add(lower(state.change().table().table()));
            for (Mapping mapping : state.change().mappings()) {
                if (mapping.kind().replacesOld()) {
                    mapping.olds().forEach(o -> interesting.add(lower(o.name())));
                }
                mapping.news().forEach(n -> interesting.add(lower(n.name())));
            }
        }
    }

    /** Whether a name is that of a changing table or column, so that every place where it stands must be understood. */
    boolean isInteresting(String name) {
        return interesting.contains(lower(name));
    }

    /** The full name of a table as the session would find it; empty where the session has no database. */
    Optional<TableName> resolve(@Nullable String schema, String name) {
        String in = schema == null ? session.schema() : schema;
        return in.isEmpty() ? Optional.empty() : Optional.of(new TableName(in, name));
    }

    /** The changing table of this name, or null where it is not one. */
    @Nullable
    ChangingTable changing(TableName name) {
        for (ChangeState state : changes) {
            if (state.change().table().isSame(name)) {
                return changing.computeIfAbsent(
                        name.key(), k -> new ChangingTable(state, dialect, live(state), session.view()));
            }
        }
        return null;
    }

    private Table live(ChangeState state) {
        return catalog.table(state.change().table()).orElse(state.before());
    }

    /** The columns of a table that does not change. */
    Optional<List<String>> columns(TableName name) {
        return catalog.table(name)
                .map(t -> t.columns().stream().map(Column::name).toList());
    }

    /** Whether statements of this session read the new side of a change. */
    Side reading(ChangingTable table) {
        return switch (table.stage()) {
            case OFF, EXPAND, DUALWRITE, SHADOW -> Side.OLD;
            case LIVE -> session.readsNew().contains(table.change().id()) ? Side.NEW : Side.OLD;
            case RAMPDOWN, COMPLETE, CONTRACT -> Side.NEW;
        };
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}

package io.crossfade.sql;

import io.crossfade.model.Column;
import io.crossfade.model.Mapping;
import io.crossfade.model.MappingKind;
import io.crossfade.model.NewColumn;
import io.crossfade.model.OldColumn;
import io.crossfade.model.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What a statement that assigns some columns must assign besides, so that both sides of each mapping are written in one
 * statement. The values are computed by the server from what it has just stored on the other side: {@code SET status = ?}
 * gets {@code , order_status = `status`}.
 *
 * @param refreshed columns that must be set right before the application's own assignments, since what is computed reads
 *     them and they may be stale; only where a row is changed
 * @param defaults columns that an INSERT must name, with DEFAULT, before the computed ones
 * @param computed columns and the SQL of their values
 */
record DualWrite(List<Computed> refreshed, List<String> defaults, List<Computed> computed) {

    /** A column and the SQL of its value. */
    record Computed(String column, String sql) {}

    /**
     * @param assigned the columns that the statement assigns itself
     * @param insert whether the row is new, so that columns which are not assigned take their defaults
     * @param naming how the statement spells a column of the row that it writes
     */
    static DualWrite of(
            ChangingTable table, List<String> assigned, boolean insert, String verb, UnaryOperator<String> naming) {
        List<Computed> refreshed = new ArrayList<>();
        List<String> defaults = new ArrayList<>();
        List<Computed> computed = new ArrayList<>();
        for (Mapping mapping : table.change().mappings()) {
            if (isWritten(table, mapping)) {
                add(table, mapping, assigned, insert, verb, naming, defaults, computed);
                if (!insert) {
                    refresh(table, mapping, assigned, naming, refreshed);
                }
            }
        }
        return new DualWrite(List.copyOf(refreshed), List.copyOf(defaults), List.copyOf(computed));
    }

    /** From complete on only new is written; a derived column is looked after until its change is closed. */
    private static boolean isWritten(ChangingTable table, Mapping mapping) {
        if (mapping.kind() == MappingKind.ADD || !table.stage().writesNew()) {
            return false;
        }
        return mapping.kind() == MappingKind.DERIVE || !table.stage().atLeast(Stage.COMPLETE);
    }

    private static void add(
            ChangingTable table,
            Mapping mapping,
            List<String> assigned,
            boolean insert,
            String verb,
            UnaryOperator<String> naming,
            List<String> defaults,
            List<Computed> computed) {
        List<String> olds = mapping.olds().stream().map(OldColumn::name).toList();
        List<String> news = mapping.news().stream().map(NewColumn::name).toList();
        boolean namesOld = containsAny(assigned, olds);
        boolean namesNew = containsAny(assigned, news);
        if (namesNew && mapping.kind() == MappingKind.DERIVE) {
            return; // The application computes it itself already.
        }
        if (namesOld && namesNew) {
            throw Refusals.refused(
                    "both-sides",
                    verb,
                    table,
                    "it assigns " + String.join(", ", olds) + " and " + String.join(", ", news)
                            + ", two sides of one mapping",
                    "assign one of them");
        }
        if (!insert && !namesOld && !namesNew) {
            return;
        }
        List<String> source = namesNew ? news : olds;
        if (insert) {
            for (String column : source) {
                boolean there = contains(assigned, column) || contains(defaults, column);
                if (!there && hasDefault(table, column)) {
                    defaults.add(column);
                }
            }
        }
        if (namesNew) {
            mapping.olds()
                    .forEach(o -> computed.add(
                            new Computed(o.name(), table.sides(mapping).down(o, naming))));
        } else {
            mapping.news()
                    .forEach(n -> computed.add(
                            new Computed(n.name(), table.sides(mapping).up(n, naming))));
        }
    }

    /**
     * One of several columns of a side is assigned, and the others may be stale: new ones until the backfill is verified, old
     * ones on the way back until the refill is. {@code SET first_name = ?} becomes {@code SET last_name = (from name),
     * first_name = ?, name = CONCAT(first_name, ' ', last_name)}.
     */
    private static void refresh(
            ChangingTable table,
            Mapping mapping,
            List<String> assigned,
            UnaryOperator<String> naming,
            List<Computed> refreshed) {
        if (!mapping.kind().replacesOld()) {
            return;
        }
        boolean namesNew = mapping.news().stream().anyMatch(n -> contains(assigned, n.name()));
        if (namesNew && !table.state().newIsVerified()) {
            mapping.news().stream()
                    .filter(n -> !contains(assigned, n.name()))
                    .forEach(n -> refreshed.add(
                            new Computed(n.name(), table.sides(mapping).newByOld(n, naming))));
        }
        boolean namesOld = mapping.olds().stream().anyMatch(o -> contains(assigned, o.name()));
        if (namesOld && !table.state().oldIsTrusted()) {
            mapping.olds().stream()
                    .filter(o -> !contains(assigned, o.name()))
                    .forEach(o -> refreshed.add(
                            new Computed(o.name(), table.sides(mapping).oldByNew(o, naming))));
        }
    }

    /** A NOT NULL column without a default is left out as the application left it out: strict mode refuses the row. */
    private static boolean hasDefault(ChangingTable table, String column) {
        Optional<Column> c = table.appColumn(column);
        return c.isPresent() && (c.get().nullable() || c.get().defaultSql() != null);
    }

    static boolean contains(List<String> names, String name) {
        return names.stream().anyMatch(name::equalsIgnoreCase);
    }

    private static boolean containsAny(List<String> names, List<String> some) {
        return some.stream().anyMatch(s -> contains(names, s));
    }
}

package io.crossfade.sql;

import io.crossfade.dialect.Dialect;
import io.crossfade.dialect.Tokens;
import io.crossfade.model.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes the edits of what a statement reads, once it is decided which side each changing table is read from.
 *
 * <p>{@code SELECT status FROM orders WHERE status = ?} → {@code SELECT `orders`.`order_status` AS `status` FROM orders WHERE
 * `orders`.`order_status` = ?}
 */
final class ReadEdits {
    private final Tokens tokens;
    private final Dialect dialect;
    private final Map<ChangingTable, Side> reading;

    ReadEdits(Tokens tokens, Dialect dialect, Map<ChangingTable, Side> reading) {
        this.tokens = tokens;
        this.dialect = dialect;
        this.reading = reading;
    }

    List<Edit> of(Bound bound) throws NotUnderstoodException {
        List<Edit> edits = new ArrayList<>();
        for (Reference reference : bound.references) {
            Edit edit = reference(reference);
            if (edit != null) {
                edits.add(edit);
            }
        }
        List<Edit> relabelling = new ArrayList<>(edits);
        for (Bound.Star star : bound.stars) {
            Edit edit = star(star);
            if (edit != null) {
                edits.add(edit);
                relabelling.add(edit);
            }
        }
        for (Bound.Item item : bound.items) {
            label(item, relabelling, bound.fixes, edits);
        }
        edits.addAll(bound.fixes);
        return edits;
    }

    private @Nullable Edit reference(Reference r) {
        String sql = r.table().read(r.mapping(), r.side(), r.column(), side(r.table()), r.qualifier());
        if (sql != null) {
            return Edit.replace(r.from(), r.to(), sql);
        }
        return r.mustQualify() ? Edit.before(r.from(), r.qualifier()) : null;
    }

    private Side side(ChangingTable table) {
        return reading.getOrDefault(table, Side.OLD);
    }

    /** An item whose text has changed keeps the label that the server gave it. */
    private void label(Bound.Item item, List<Edit> changed, List<Edit> fixes, List<Edit> edits) {
        boolean changes = changed.stream().anyMatch(e -> inside(e, item) && e.to() > e.from());
        if (item.column() >= 0) {
            if (changes) {
                edits.add(Edit.after(item.to() - 1, " AS " + dialect.quote(tokens.name(item.column()))));
            }
        } else if (changes
                || fixes.stream().anyMatch(e -> inside(e, item))
                || changed.stream().anyMatch(e -> inside(e, item))) {
            edits.add(Edit.labelAfter(item.from(), item.to()));
        }
    }

    private static boolean inside(Edit edit, Bound.Item item) {
        return edit.from() >= item.from() && edit.from() < item.to();
    }

    private @Nullable Edit star(Bound.Star star) throws NotUnderstoodException {
        boolean right = star.sources().stream()
                .allMatch(s -> s.changing() == null || s.changing().starIsRight(side(s.changing())));
        if (right) {
            return null;
        }
        if (star.mergesColumns() && star.sources().size() > 1) {
            throw new NotUnderstoodException("star", "a star stands over a join that shows columns once");
        }
        List<String> list = new ArrayList<>();
        for (Source source : star.sources()) {
            ChangingTable changing = source.changing();
            if (changing == null) {
                list.add(source.qualifier() + "*");
            } else {
                for (String column : changing.appColumns()) {
                    list.add(item(changing, column, source.qualifier()));
                }
            }
        }
        return Edit.replace(star.from(), star.to(), String.join(", ", list));
    }

    private String item(ChangingTable table, String column, String qualifier) {
        Reference r = table.reference(0, 0, column, qualifier, Reference.Place.ITEM, false);
        String sql = r == null ? null : table.read(r.mapping(), r.side(), column, side(table), qualifier);
        if (r != null && sql == null) {
            // Not named, yet shown: an added column that no expression gives.
            Refusals.requireServed(table, List.of(r));
        }
        String quoted = dialect.quote(column);
        return sql == null ? qualifier + quoted : sql + " AS " + quoted;
    }
}

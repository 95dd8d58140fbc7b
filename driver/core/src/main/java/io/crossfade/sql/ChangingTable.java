package io.crossfade.sql;

import io.crossfade.dialect.Dialect;
import io.crossfade.dialect.Sides;
import io.crossfade.model.Change;
import io.crossfade.model.Column;
import io.crossfade.model.Mapping;
import io.crossfade.model.NewColumn;
import io.crossfade.model.OldColumn;
import io.crossfade.model.Side;
import io.crossfade.model.Stage;
import io.crossfade.model.Table;
import io.crossfade.model.TableName;
import io.crossfade.state.ChangeState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A table with an open change, as one statement's planning sees it. Immutable. */
final class ChangingTable {
    private final ChangeState state;
    private final Dialect dialect;
    private final Table live;
    private final Side view;

    /**
     * @param live the table as it stands in the server's catalog now
     * @param view which version of the table the application was written for
     */
    ChangingTable(ChangeState state, Dialect dialect, Table live, Side view) {
        this.state = state;
        this.dialect = dialect;
        this.live = live;
        this.view = view;
    }

    Change change() {
        return state.change();
    }

    ChangeState state() {
        return state;
    }

    Side view() {
        return view;
    }

    Stage stage() {
        return state.stage();
    }

    TableName name() {
        return state.change().table();
    }

    Sides sides(Mapping mapping) {
        return new Sides(dialect, mapping, state.before());
    }

    /** The mapping that has this column on the old side and replaces it. */
    Optional<Mapping> ofOld(String column) {
        return change().ofOld(column);
    }

    Optional<Mapping> ofNew(String column) {
        return change().ofNew(column);
    }

    boolean isMapped(String column) {
        return ofOld(column).isPresent() || ofNew(column).isPresent();
    }

    /** Whether the application's version of the table has this column. */
    boolean appHas(String column) {
        if (ofNew(column).isPresent()) {
            return view == Side.NEW;
        }
        if (ofOld(column).isPresent()) {
            return view == Side.OLD;
        }
        return live.has(column) || state.before().has(column);
    }

    /** The names of the columns that the application's version of the table has, in its order, invisible ones left out. */
    List<String> appColumns() {
        List<String> names = new ArrayList<>();
        List<Mapping> placed = new ArrayList<>();
        for (Column column : inOldOrder()) {
            Optional<Mapping> mapping = ofOld(column.name());
            if (mapping.isEmpty()) {
                if (!column.invisible()) {
                    names.add(column.name());
                }
            } else if (view == Side.OLD) {
                names.add(column.name());
            } else if (!placed.contains(mapping.get())) {
                placed.add(mapping.get());
                mapping.get().news().forEach(n -> names.add(n.name()));
            }
        }
        if (view == Side.NEW) {
            for (Mapping mapping : change().mappings()) {
                if (!mapping.kind().replacesOld()) {
                    mapping.news().forEach(n -> names.add(n.name()));
                }
            }
        }
        return names;
    }

    /** The live columns without the new ones, with old ones that are gone put back where they stood. */
    private List<Column> inOldOrder() {
        List<Column> columns = new ArrayList<>();
        for (Column column : live.columns()) {
            if (ofNew(column.name()).isEmpty()) {
                columns.add(column);
            }
        }
        List<Column> before = state.before().columns();
        for (int i = 0; i < before.size(); i++) {
            Column old = before.get(i);
            if (ofOld(old.name()).isPresent() && !live.has(old.name())) {
                int at = i == 0 ? 0 : indexOf(columns, before.get(i - 1).name()) + 1;
                columns.add(at, old);
            }
        }
        return columns;
    }

    private static int indexOf(List<Column> columns, String name) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).name().equalsIgnoreCase(name)) {
                return i;
            }
        }
        return columns.size() - 1;
    }

    /** Whether {@code *} on this table gives just what the application's version has, so that it may stay. */
    boolean starIsRight(Side reading) {
        return view == Side.OLD && reading == Side.OLD && state.oldIsTrusted() && newIsHidden();
    }

    /** Whether a star leaves every new column out: those that are there, and those that the migrator is about to add. */
    private boolean newIsHidden() {
        return change().mappings().stream()
                .flatMap(m -> m.news().stream())
                .allMatch(n -> live.column(n.name()).map(Column::invisible).orElse(dialect.hidesColumns()));
    }

    /** The columns of its primary key, as the catalog has them; empty where it has none. */
    List<Column> primaryKey() {
        return live.primaryKey().stream()
                .flatMap(name -> live.column(name).stream())
                .toList();
    }

    Optional<Column> appColumn(String column) {
        return live.column(column).or(() -> state.before().column(column));
    }

    /**
     * SQL that reads a column of either side, when statements read {@code reading}.
     *
     * @param qualifier put before each column, with its dot; may be empty
     * @return null where the column itself may stand
     */
    @Nullable
    String read(Mapping mapping, Side named, String column, Side reading, String qualifier) {
        UnaryOperator<String> naming = naming(qualifier);
        Sides sides = sides(mapping);
        if (named == Side.NEW) {
            NewColumn target = newColumn(mapping, column);
            if (reading == Side.NEW || mapping.news().get(0).up() == null && !mapping.isIdentity()) {
                return null;
            }
            if (mapping.isIdentity()) {
                return sides.up(target, naming);
            }
            // Before dualwrite the column itself may not be there, and old tells all.
            return state.newIsVerified()
                    ? null
                    : typed(
                            stage().servesNew() ? sides.newByOld(target, naming) : sides.up(target, naming),
                            live.column(target.name()).orElseGet(() -> sides.newColumn(target)));
        }
        OldColumn target = oldColumn(mapping, column);
        if (reading == Side.OLD) {
            return null;
        }
        if (stage().atLeast(Stage.COMPLETE) || !mapping.isLossy()) {
            String down = sides.down(target, naming);
            return mapping.isIdentity() ? down : typed(down, sides.oldColumn(target));
        }
        // A lossy mapping keeps old-named reads on old while old is written, and looks past a stale one on the way
        // back.
        return state.oldIsTrusted() ? null : typed(sides.oldByNew(target, naming), sides.oldColumn(target));
    }

    /** The value as the column's declared type would give it, so that the application meets the class that it knows. */
    private String typed(String sql, Column column) {
        String cast = dialect.cast(sql, column);
        return cast == null ? sql : cast;
    }

    UnaryOperator<String> naming(String qualifier) {
        return column -> qualifier + dialect.quote(column);
    }

    static NewColumn newColumn(Mapping mapping, String column) {
        return mapping.news().stream()
                .filter(n -> n.name().equalsIgnoreCase(column))
                .findFirst()
                .orElseThrow();
    }

    static OldColumn oldColumn(Mapping mapping, String column) {
        return mapping.olds().stream()
                .filter(o -> o.name().equalsIgnoreCase(column))
                .findFirst()
                .orElseThrow();
    }

    /** The reference for a column name, if this table's change is about it. */
    @Nullable
    Reference reference(int from, int to, String column, String qualifier, Reference.Place place, boolean mustQualify) {
        Optional<Mapping> old = ofOld(column);
        if (old.isPresent()) {
            return new Reference(from, to, this, old.get(), Side.OLD, column, qualifier, place, mustQualify);
        }
        return ofNew(column)
                .map(m -> new Reference(from, to, this, m, Side.NEW, column, qualifier, place, mustQualify))
                .orElse(null);
    }
}

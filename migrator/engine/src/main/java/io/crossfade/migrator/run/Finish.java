package io.crossfade.migrator.run;

import io.crossfade.dialect.Dialect;
import io.crossfade.dialect.Sides;
import io.crossfade.migrator.mysql.Columns;
import io.crossfade.migrator.mysql.Ddl;
import io.crossfade.migrator.mysql.Index;
import io.crossfade.migrator.mysql.Mirror;
import io.crossfade.migrator.session.SqlFailure;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.signal.Progress;
import io.crossfade.model.Column;
import io.crossfade.model.Mapping;
import io.crossfade.model.MappingKind;
import io.crossfade.model.NewColumn;
import io.crossfade.model.OldColumn;
import io.crossfade.state.ChangeState;
import io.crossfade.state.Checkpoint;
import io.crossfade.state.ControlStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What makes the new columns stand on their own, and the old ones dispensable; and the way back. Every method looks at what
 * is there and does what is missing.
 *
 * <p>Confined to the thread of the run.
 */
final class Finish {

    /** The checkpoint that holds the unique indexes of the old columns while they are away, a definition a line. */
    private static final String RELAXED = "relaxed";

    /** The mark of a counterpart index that takes over its old one's name at the end. */
    private static final String COUNTERPART = "_cf";

    private final Session session;
    private final ChangeState change;
    private final TableWork work;
    private final Columns columns;
    private final Ddl ddl;
    private final Alters alters;
    private final Dialect dialect;

    Finish(Session session, ChangeState change, TableWork work) {
        this.session = session;
        this.change = change;
        this.work = work;
        this.columns = work.columns();
        this.ddl = work.ddl();
        this.alters = work.alters();
        this.dialect = session.server().dialect();
    }

    /**
     * Gives the new columns their constant defaults, which touches no row: from dualwrite on new code may assign {@code
     * DEFAULT}. A computed default waits for {@link #constrainNew}.
     */
    void defaultNew() throws SQLException {
        work.began("give the new columns their default");
        for (Mapping mapping : change.change().mappings()) {
            if (mapping.kind().replacesOld()) {
                Sides sides = new Sides(dialect, mapping, change.before());
                for (NewColumn column : mapping.news()) {
                    Column now = work.now().column(column.name()).orElseThrow();
                    Optional<String> constant =
                            defaultOf(sides, mapping, column).filter(d -> !isComputed(d));
                    if (constant.isPresent() && now.defaultSql() == null) {
                        ddl.run(columns.withDefault(column.name(), constant.get()));
                    }
                }
            }
        }
    }

    private static boolean isComputed(String defaultSql) {
        return defaultSql.contains("(") || defaultSql.toUpperCase(Locale.ROOT).contains("CURRENT");
    }

    /** Gives the new columns the default and the NOT NULL that the old ones have; all NOT NULLs at once, since each touches every row. */
    void constrainNew() throws SQLException {
        work.began("give the new columns their default and NOT NULL");
        List<String> notNull = new ArrayList<>();
        for (Mapping mapping : change.change().mappings()) {
            if (mapping.kind().replacesOld()) {
                for (NewColumn column : mapping.news()) {
                    constrain(mapping, column, work.now().column(column.name()).orElseThrow())
                            .ifPresent(notNull::add);
                }
            }
        }
        alters.run(Columns.clauses(notNull));
    }

    /** Gives one column its default; the clause that puts NOT NULL on it, where it has to have that. */
    private Optional<String> constrain(Mapping mapping, NewColumn column, Column now) throws SQLException {
        Sides sides = new Sides(dialect, mapping, change.before());
        Optional<String> defaultSql = defaultOf(sides, mapping, column);
        boolean isNotNull =
                mapping.olds().stream().noneMatch(o -> sides.oldColumn(o).nullable());
        if (isNotNull && now.nullable() && canBeNotNull(mapping, column)) {
            return Optional.of(columns.notNull(now, defaultSql));
        }
        if (defaultSql.isPresent() && now.defaultSql() == null) {
            ddl.run(columns.withDefault(column.name(), defaultSql.get()));
        }
        return Optional.empty();
    }

    /** A part of a split may well be NULL; for the others the old column's NOT NULL is a promise. */
    private boolean canBeNotNull(Mapping mapping, NewColumn column) throws SQLException {
        if (!holdsNull(column.name())) {
            return true;
        }
        if (mapping.kind() == MappingKind.SPLIT) {
            session.listener()
                    .on(new Progress.Note("column \"" + column.name() + "\" stays NULLable, since it holds NULLs"));
            return false;
        }
        throw MigrationException.refused("cannot put NOT NULL on column \"" + column.name() + "\" of "
                + change.change().table()
                + "; some rows have no value there; mend them and run the same command again");
    }

    private boolean holdsNull(String column) throws SQLException {
        try (Statement s = session.control().createStatement();
                ResultSet r = s.executeQuery(
                        "SELECT 1 FROM " + quotedTable() + " WHERE " + dialect.quote(column) + " IS NULL LIMIT 1")) {
            return r.next();
        }
    }

    /** A rename takes the default as it is; elsewhere a constant one goes through {@code up}. */
    private Optional<String> defaultOf(Sides sides, Mapping mapping, NewColumn column) throws SQLException {
        List<String> defaults = new ArrayList<>();
        for (OldColumn old : mapping.olds()) {
            String sql = sides.oldColumn(old).defaultSql();
            if (sql == null) {
                return Optional.empty();
            }
            defaults.add(sql);
        }
        if (mapping.isIdentity()) {
            return Optional.of(defaults.get(0));
        }
        if (defaults.stream().anyMatch(Finish::isComputed)) {
            return Optional.empty();
        }
        String up = sides.up(column, name -> {
            for (int i = 0; i < defaults.size(); i++) {
                if (mapping.olds().get(i).name().equalsIgnoreCase(name)) {
                    return defaults.get(i);
                }
            }
            return dialect.quote(name);
        });
        try (Statement s = session.control().createStatement();
                ResultSet r = s.executeQuery("SELECT QUOTE(" + up + ")")) {
            r.next();
            String quoted = r.getString(1);
            return quoted == null || quoted.equals("NULL") ? Optional.empty() : Optional.of(quoted);
        }
    }

    /** Lets inserts leave the old columns out: nothing unique and nothing mandatory is left on them. */
    void relaxOld() throws SQLException {
        work.began("let inserts leave the old columns out");
        Set<String> remembered = new LinkedHashSet<>(relaxed());
        List<Index> unique = indexes().stream()
                .filter(i -> i.isUnique() && !i.isPrimary())
                .filter(i -> i.parts().stream()
                        .anyMatch(p -> change.change().ofOld(p.column()).isPresent()))
                .toList();
        unique.forEach(i -> remembered.add(i.definition(dialect)));
        remember(remembered);
        for (Index index : unique) {
            dropIndex(index);
        }
        for (String sql : columns.relaxOld(work.now())) {
            ddl.run(sql);
        }
        alters.run(columns.loosenOld(work.now()));
    }

    /** Makes the old columns again what they were, once they are filled. */
    void restoreOld() throws SQLException {
        work.began("restore the old columns' constraints");
        for (String sql : columns.restoreOld(work.now())) {
            ddl.run(sql);
        }
        alters.run(columns.tightenOld(work.now()));
        Set<String> there = new LinkedHashSet<>();
        indexes().forEach(i -> there.add(i.definition(dialect)));
        for (String definition : relaxed()) {
            if (!there.contains(definition)) {
                try {
                    alters.addIndex(definition);
                } catch (SQLException e) {
                    throw MigrationException.failed(
                            "cannot restore " + definition + " of "
                                    + change.change().table() + "; the server says: " + SqlFailure.shown(e)
                                    + "; mend the rows and run the same command again",
                            e);
                }
            }
        }
        alters.clear();
    }

    /** Lets inserts leave the new columns out, before clients stop writing them on the way back. */
    void relaxNew() throws SQLException {
        work.began("let inserts leave the new columns out");
        dropNewIndexes();
        for (String sql : columns.relaxNew(work.now())) {
            ddl.run(sql);
        }
        alters.run(columns.loosenNew(work.now()));
    }

    /** Takes the new columns away. */
    void dropNew() throws SQLException {
        work.began("drop the new columns");
        dropNewIndexes();
        alters.run(columns.dropNew(work.now()));
    }

    private void dropNewIndexes() throws SQLException {
        for (Index index : indexes()) {
            if (index.parts().stream()
                    .anyMatch(p -> change.change().ofNew(p.column()).isPresent())) {
                dropIndex(index);
            }
        }
    }

    /** Takes the old columns away, and gives the new ones their place. */
    void dropOld() throws SQLException {
        work.began("drop the old columns");
        for (Mirror.Pair pair : new Mirror(change.change(), indexes()).pairs()) {
            dropIndex(pair.old());
        }
        for (Index index : indexes()) {
            if (index.name().endsWith(COUNTERPART) && session.server().renamesIndexes()) {
                renameBack(index);
            }
        }
        showNew();
        alters.run(columns.dropOld(work.now()));
        session.store().checkpoints().drop(change.change().id(), RELAXED);
    }

    /** Lets {@code SELECT *} see the new columns. */
    void showNew() throws SQLException {
        work.began("make the new columns visible");
        for (String sql : columns.show(work.now())) {
            ddl.run(sql);
        }
    }

    private void renameBack(Index index) throws SQLException {
        String name = index.name().substring(0, index.name().length() - COUNTERPART.length());
        boolean isOurs = index.parts().stream()
                .anyMatch(p -> change.change().ofNew(p.column()).isPresent());
        boolean isFree = indexes().stream().noneMatch(i -> i.name().equalsIgnoreCase(name));
        if (isOurs && isFree) {
            ddl.run(columns.table() + "RENAME INDEX " + dialect.quote(index.name()) + " TO " + dialect.quote(name));
        }
    }

    private void dropIndex(Index index) throws SQLException {
        ddl.run(columns.table() + "DROP INDEX " + dialect.quote(index.name()) + ", ALGORITHM=INPLACE, LOCK=NONE");
    }

    private List<Index> indexes() throws SQLException {
        return Index.of(session.control(), change.change().table());
    }

    private List<String> relaxed() throws SQLException {
        String position =
                store().checkpoints().at(change.change().id(), RELAXED).position();
        return position.isEmpty() ? List.of() : position.lines().toList();
    }

    private void remember(Set<String> definitions) throws SQLException {
        store().checkpoints()
                .save(change.change().id(), new Checkpoint(RELAXED, String.join("\n", definitions), true, 0, 0));
    }

    private ControlStore store() {
        return session.store();
    }

    private String quotedTable() {
        return dialect.quote(change.change().table().schema()) + "."
                + dialect.quote(change.change().table().table());
    }
}

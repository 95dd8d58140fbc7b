package io.crossfade.migrator.lint;

import io.crossfade.migrator.ghost.Rules;
import io.crossfade.migrator.mysql.AlterText;
import io.crossfade.migrator.mysql.Clause;
import io.crossfade.migrator.mysql.Index;
import io.crossfade.model.Column;
import io.crossfade.model.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What the two structures alone show, before any row is looked at. */
final class Structure {

    private static final Set<String> TIMES = Set.of("timestamp", "datetime");

    private static final Set<String> ROUNDED_BY_FLOAT = Set.of("double", "decimal", "int", "bigint");

    private static final Set<String> ROUNDED_BY_DOUBLE = Set.of("decimal", "bigint");

    private final AlterText text;
    private final Rules rules;
    private final Table before;
    private final Table after;
    private final boolean hasRows;
    private final List<Finding> findings = new ArrayList<>();

    /**
     * Compares two structures.
     *
     * @param hasRows whether the table has any row now
     */
    Structure(AlterText text, Rules rules, Table before, Table after, boolean hasRows) {
        this.text = text;
        this.rules = rules;
        this.before = before;
        this.after = after;
        this.hasRows = hasRows;
    }

    List<Finding> look(List<Index> indexesBefore, List<Index> indexesAfter) {
        withoutDefault();
        lookAlikes();
        skippedRenames();
        for (Column column : before.columns()) {
            target(column).ifPresent(to -> changed(column, to));
        }
        primaryKey(indexesBefore, indexesAfter);
        autoIncrement();
        numbered();
        return findings;
    }

    private Optional<Column> target(Column column) {
        Clause.ChangeColumn rename = text.renames().get(column.name().toLowerCase(Locale.ROOT));
        if (rename != null) {
            return after.column(rename.to());
        }
        return text.drops(column.name()) ? Optional.empty() : after.column(column.name());
    }

    private void withoutDefault() {
        for (Clause.AddColumn added : added()) {
            Optional<Column> column = after.column(added.column());
            if (hasRows
                    && column.isPresent()
                    && !column.get().nullable()
                    && column.get().defaultSql() == null
                    && !column.get().generated()
                    && !column.get().autoIncrement()) {
                findings.add(Finding.refuse(
                        "\"" + added.column() + "\" is added NOT NULL without a DEFAULT, and the rows that are there"
                                + " would get the server's own idea of one (0, '', a zero date)",
                        "give it a DEFAULT, or let it be NULL"));
            }
        }
    }

    /** MariaDB's IF NOT EXISTS adds none that is there. */
    private List<Clause.AddColumn> added() {
        return text.all(Clause.AddColumn.class).stream()
                .filter(a -> !before.has(a.column())
                        || text.drops(a.column())
                        || text.renames().containsKey(a.column().toLowerCase(Locale.ROOT)))
                .toList();
    }

    private void numbered() {
        for (Clause.AddColumn added : added()) {
            if (hasRows
                    && after.column(added.column())
                            .filter(Column::autoIncrement)
                            .isPresent()) {
                findings.add(
                        Finding.warn(
                                "\"" + added.column()
                                        + "\" numbers the rows as they are copied, and a row that is written meanwhile once"
                                        + " more: each has a number of its own, but not in the order of the key, and some are left out",
                                "add it without AUTO_INCREMENT, number the rows, and make it AUTO_INCREMENT then, if that is not meant"));
            }
        }
    }

    /** A drop and an add of the same type are often a rename that was not written as one. */
    private void lookAlikes() {
        for (Clause.DropColumn dropped : text.all(Clause.DropColumn.class)) {
            Optional<Column> from = before.column(dropped.column());
            for (Clause.AddColumn added : added()) {
                Optional<Column> to = after.column(added.column());
                if (hasRows
                        && from.isPresent()
                        && to.isPresent()
                        && from.get().type().equalsIgnoreCase(to.get().type())) {
                    findings.add(Finding.warn(
                            "\"" + dropped.column() + "\" is dropped and \"" + added.column()
                                    + "\" of the same type is added: no value of the one comes into the other",
                            "say CHANGE COLUMN if a rename is meant"));
                }
            }
        }
    }

    private void skippedRenames() {
        if (rules.skipsRenamedColumns() && !rules.approvesRenamedColumns()) {
            for (Clause.ChangeColumn rename : text.renames().values()) {
                findings.add(Finding.warn(
                        "\"" + rename.from() + "\" becomes \"" + rename.to()
                                + "\" and its values are given up, by --skip-renamed-columns",
                        "say --approve-renamed-columns to keep them"));
            }
        }
    }

    private void changed(Column from, Column to) {
        boolean isTime = TIMES.contains(from.baseType()) && TIMES.contains(to.baseType());
        if (isTime && !from.baseType().equals(to.baseType())) {
            findings.add(Finding.warn(
                    "\"" + from.name() + "\" becomes " + to.baseType().toUpperCase(Locale.ROOT) + " from "
                            + from.baseType().toUpperCase(Locale.ROOT)
                            + ": which moment a value means depends on the session's time zone",
                    "make sure that the server's and the applications' time zones are the same"));
        }
        boolean hasMembers = from.baseType().equals("enum") || from.baseType().equals("set");
        if (hasMembers && from.baseType().equals(to.baseType())) {
            members(from, to);
        }
        boolean isRounded = to.baseType().equals("float") && ROUNDED_BY_FLOAT.contains(from.baseType())
                || to.baseType().equals("double") && ROUNDED_BY_DOUBLE.contains(from.baseType());
        if (isRounded) {
            findings.add(Finding.warn(
                    "\"" + from.name() + "\" becomes " + to.baseType().toUpperCase(Locale.ROOT) + ", which keeps about "
                            + (to.baseType().equals("float") ? "7" : "15") + " digits of a number and rounds the rest",
                    "choose a type that holds all digits if that is not meant"));
        }
        if (to.baseType().equals("json") && !from.baseType().equals("json")) {
            findings.add(Finding.warn(
                    "\"" + from.name()
                            + "\" becomes JSON, which keeps a document's meaning and not its text: blanks and"
                            + " the order of keys go, and of a key that an object has twice the last value stays",
                    "choose a text with CHECK (JSON_VALID(…)) if the text itself is needed"));
        }
        if (from.autoIncrement() != to.autoIncrement()) {
            findings.add(Finding.warn(
                    "\"" + from.name() + "\" " + (to.autoIncrement() ? "becomes" : "is no longer") + " AUTO_INCREMENT",
                    "make sure that the applications' inserts are ready for it"));
        }
    }

    private void members(Column from, Column to) {
        List<String> old = Members.of(from.type());
        List<String> now = Members.of(to.type());
        List<String> gone = old.stream().filter(m -> !now.contains(m)).toList();
        if (!gone.isEmpty()) {
            findings.add(Finding.warn(
                    "\"" + from.name() + "\" loses the members " + String.join(", ", gone),
                    "rows that have one are counted; a write of one while the copy runs stops it"));
        }
        List<String> kept = old.stream().filter(now::contains).toList();
        List<String> keptNow = now.stream().filter(old::contains).toList();
        boolean isMoved = !kept.equals(keptNow)
                || !now.subList(0, Math.min(kept.size(), now.size())).equals(kept);
        if (isMoved) {
            findings.add(Finding.warn(
                    "\"" + from.name() + "\" has its members in another order: values keep their names, but are sorted"
                            + " and numbered in another way",
                    "put new members behind the others if that is not meant"));
        }
    }

    private void primaryKey(List<Index> indexesBefore, List<Index> indexesAfter) {
        List<String> old = primary(indexesBefore);
        List<String> now = primary(indexesAfter);
        List<String> renamed = old.stream()
                .map(c ->
                        before.column(c).flatMap(this::target).map(Column::name).orElse(""))
                .toList();
        if (!lower(renamed).equals(lower(now))) {
            findings.add(Finding.warn(
                    "the primary key becomes " + (now.isEmpty() ? "none" : "(" + String.join(", ", now) + ")")
                            + " from " + (old.isEmpty() ? "none" : "(" + String.join(", ", old) + ")"),
                    "queries and replicas that find rows by the old one slow down unless it stays a key"));
        }
    }

    private void autoIncrement() {
        for (Clause.Options options : text.all(Clause.Options.class)) {
            if (options.setsAutoIncrement()) {
                findings.add(Finding.warn(
                        "AUTO_INCREMENT is set; what rows are written meanwhile use up still counts, and a number below"
                                + " the one that comes next now has no effect",
                        "leave it out to keep the next number as it is"));
            }
        }
    }

    private static List<String> primary(List<Index> indexes) {
        return indexes.stream()
                .filter(Index::isPrimary)
                .flatMap(i -> i.parts().stream())
                .map(Index.Part::column)
                .toList();
    }

    private static List<String> lower(List<String> names) {
        return names.stream().map(n -> n.toLowerCase(Locale.ROOT)).toList();
    }
}

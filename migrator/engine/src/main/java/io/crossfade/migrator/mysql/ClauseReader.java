package io.crossfade.migrator.mysql;

import io.crossfade.dialect.TokenKind;
import io.crossfade.dialect.Tokens;
import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.migrator.signal.MigrationException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Tells what kind of clause a piece of an ALTER is. Confined to one call. */
final class ClauseReader {

    /** What acts on the rows of partitions, or on files, and not on the structure. */
    private static final Set<String> ON_PARTITIONS = Set.of(
            "DROP",
            "TRUNCATE",
            "EXCHANGE",
            "DISCARD",
            "IMPORT",
            "ANALYZE",
            "CHECK",
            "OPTIMIZE",
            "REBUILD",
            "REPAIR",
            "CONVERT");

    /** What begins a clause, and no value of an option is called. */
    private static final Set<String> VERBS =
            Set.of("ADD", "ALTER", "CHANGE", "CONVERT", "DROP", "EXCHANGE", "MODIFY", "RENAME", "TRUNCATE");

    private final TableAlter alter;
    private final Tokens tokens;
    private final int from;
    private final int end;

    /** What stands in place of the first token, for a part of {@code ADD (…)}; else empty. */
    private final String instead;

    ClauseReader(TableAlter alter, Tokens tokens, int from, int end) {
        this(alter, tokens, from, end, "");
    }

    private ClauseReader(TableAlter alter, Tokens tokens, int from, int end, String instead) {
        this.alter = alter;
        this.tokens = tokens;
        this.from = from;
        this.end = end;
        this.instead = instead;
    }

    List<Clause> read() {
        if (from >= end) {
            throw AlterText.refused(alter, "a clause in it is empty", "take the extra comma out");
        }
        String verb = word(from);
        if (ON_PARTITIONS.contains(verb) && is(from + 1, "PARTITION")
                || verb.equals("DISCARD")
                || verb.equals("IMPORT")) {
            throw AlterText.refused(
                    alter,
                    verb + " " + word(from + 1) + " acts on the rows and not on the structure",
                    "run it directly; it needs no copy of the table");
        }
        return switch (verb) {
            case "ADD" -> add();
            case "DROP" -> List.of(drop());
            case "CHANGE" -> List.of(change());
            case "MODIFY" -> List.of(modify());
            case "RENAME" -> List.of(rename());
            case "ALTER" -> List.of(alterPart());
            case "CONVERT" -> List.of(convert());
            case "ALGORITHM", "LOCK" -> List.of(algorithm());
            case "PARTITION", "REMOVE", "COALESCE", "REORGANIZE" -> List.of(new Clause.Partitioning(sql()));
            case "ORDER", "FORCE", "ENABLE", "DISABLE" -> List.of(new Clause.Other(sql()));
            case "WITH", "WITHOUT" -> List.of(with());
            case "ANALYZE", "CHECK", "OPTIMIZE", "REPAIR", "REBUILD", "TRUNCATE", "EXCHANGE" ->
                throw AlterText.refused(alter, verb + " is not understood", "give clauses of ALTER TABLE");
            default -> List.of(options());
        };
    }

    private List<Clause> add() {
        int i = from + 1;
        if (is(i, "PARTITION")) {
            return List.of(new Clause.Partitioning(sql()));
        }
        refusePeriods(i);
        boolean isConstraint = is(i, "CONSTRAINT");
        if (isConstraint) {
            i = is(i + 1, "PRIMARY") || is(i + 1, "UNIQUE") || is(i + 1, "FOREIGN") || is(i + 1, "CHECK")
                    ? i + 1
                    : pastIf(i + 1) + 1;
        }
        if (is(i, "FOREIGN")) {
            return List.of(new Clause.AddForeignKey(sql()));
        }
        if (is(i, "CHECK")) {
            return List.of(new Clause.AddCheck(sql()));
        }
        if (is(i, "PRIMARY") || is(i, "UNIQUE")) {
            return List.of(new Clause.AddIndex(sql(), word(i), indexed(i)));
        }
        if (is(i, "INDEX") || is(i, "KEY")) {
            return List.of(new Clause.AddIndex(sql(), "INDEX", indexed(i)));
        }
        if (is(i, "FULLTEXT") || is(i, "SPATIAL") || (is(i, "VECTOR") && (is(i + 1, "INDEX") || is(i + 1, "KEY")))) {
            return List.of(new Clause.AddIndex(sql(), word(i), indexed(i)));
        }
        int named = is(i, "COLUMN") ? i + 1 : i;
        i = pastIf(named);
        return tokens.isSymbol(i, '(')
                ? elements(i + 1, (text(from, named) + " " + text(named, i)).strip())
                : List.of(column(sql(), i, end));
    }

    /**
     * {@code ADD COLUMN (a INT, b INT)} → two clauses.
     *
     * @param head what each begins with where it is a column: {@code ADD COLUMN IF NOT EXISTS}
     */
    private List<Clause> elements(int begin, String head) {
        List<Clause> clauses = new ArrayList<>();
        int depth = 0;
        int at = begin;
        for (int i = begin; i < end; i++) {
            if (tokens.isSymbol(i, '(')) {
                depth++;
            } else if (tokens.isSymbol(i, ')') && depth > 0) {
                depth--;
            } else if (depth == 0 && (tokens.isSymbol(i, ',') || tokens.isSymbol(i, ')'))) {
                clauses.addAll(element(at, i, head));
                at = i + 1;
            }
        }
        return clauses;
    }

    private List<Clause> element(int at, int to, String head) {
        if (at >= to) {
            throw notUnderstood();
        }
        return isElementWord(at)
                ? new ClauseReader(alter, tokens, at - 1, to, "ADD ").add()
                : List.of(column(head + " " + text(at, to), at, to));
    }

    private boolean isElementWord(int i) {
        return is(i, "PRIMARY")
                || is(i, "UNIQUE")
                || is(i, "INDEX")
                || is(i, "KEY")
                || is(i, "CONSTRAINT")
                || is(i, "FOREIGN")
                || is(i, "CHECK")
                || is(i, "FULLTEXT")
                || is(i, "SPATIAL");
    }

    private Clause column(String sql, int name, int to) {
        if (!tokens.isName(name) || name >= to) {
            throw notUnderstood();
        }
        return new Clause.AddColumn(sql, tokens.name(name), text(name + 1, to));
    }

    private Clause drop() {
        int i = from + 1;
        if (is(i, "PRIMARY") && is(i + 1, "KEY")) {
            return new Clause.DropIndex(sql(), Index.PRIMARY);
        }
        if (is(i, "FOREIGN") && is(i + 1, "KEY")) {
            int key = pastIf(i + 2);
            return new Clause.DropForeignKey(sql(), name(key), key == i + 2);
        }
        if ((is(i, "CHECK") || is(i, "CONSTRAINT")) && i + 1 < end) {
            return check(pastIf(i + 1), is(i, "CONSTRAINT"));
        }
        if ((is(i, "INDEX") || is(i, "KEY")) && i + 1 < end) {
            return new Clause.DropIndex(sql(), name(pastIf(i + 1)));
        }
        refusePeriods(i);
        return new Clause.DropColumn(sql(), name(pastIf(is(i, "COLUMN") ? i + 1 : i)));
    }

    private Clause change() {
        int i = pastIf(is(from + 1, "COLUMN") ? from + 2 : from + 1);
        return new Clause.ChangeColumn(sql(), name(i), name(i + 1), text(i + 2, end));
    }

    private Clause modify() {
        int i = pastIf(is(from + 1, "COLUMN") ? from + 2 : from + 1);
        return new Clause.ChangeColumn(sql(), name(i), name(i), text(i + 1, end));
    }

    private Clause rename() {
        int i = from + 1;
        if (is(i, "COLUMN") && i + 1 < end) {
            int column = pastIf(i + 1);
            return new Clause.ChangeColumn(sql(), name(column), name(column + 2), "");
        }
        if ((is(i, "INDEX") || is(i, "KEY")) && end - i > 2) {
            return new Clause.Other(sql());
        }
        throw AlterText.refused(
                alter,
                "RENAME gives the table another name, and the applications that use it need the one they know",
                "rename it directly, in a statement of its own");
    }

    private Clause alterPart() {
        int i = from + 1;
        if (is(i, "INDEX") || is(i, "KEY")) {
            return new Clause.Other(sql());
        }
        if (is(i, "CHECK") || is(i, "CONSTRAINT")) {
            return check(i + 1, false);
        }
        return new Clause.ColumnDefault(sql(), name(pastIf(is(i, "COLUMN") ? i + 1 : i)));
    }

    private Clause check(int name, boolean isOfAnyKind) {
        int begin = tokens.start(from);
        return new Clause.NamedCheck(
                sql(), name(name), tokens.start(name) - begin, tokens.end(name) - begin, isOfAnyKind);
    }

    private Clause convert() {
        if (!is(from + 1, "TO")) {
            throw AlterText.refused(
                    alter,
                    "CONVERT " + word(from + 1) + " acts on the rows and not on the structure",
                    "run it directly; it needs no copy of the table");
        }
        return new Clause.Convert(sql());
    }

    /** Nothing else stands with it; else the server has the word. */
    private Clause algorithm() {
        int value = tokens.isSymbol(from + 1, '=') ? from + 2 : from + 1;
        return value == end - 1 ? new Clause.Algorithm(sql()) : options();
    }

    private Clause with() {
        if (is(from, "WITH")) {
            refusePeriods(from + 1);
        }
        return new Clause.Other(sql());
    }

    /** A column may be called so, too. */
    private void refusePeriods(int i) {
        boolean isPeriod = is(i, "PERIOD") && is(pastIf(i + 1), "FOR");
        if (isPeriod || is(i, "SYSTEM") && is(i + 1, "VERSIONING")) {
            throw AlterText.refused(
                    alter, "a table with periods of time keeps rows that no copy shows", "run it directly");
        }
    }

    private Clause options() {
        boolean isAutoIncrement = false;
        for (int i = from; i < end; i++) {
            isAutoIncrement |= is(i, "AUTO_INCREMENT");
            // What would pass here for an option would not be seen for what it is.
            if (tokens.kind(i) == TokenKind.WORD && VERBS.contains(word(i))) {
                throw notUnderstood();
            }
        }
        return new Clause.Options(sql(), isAutoIncrement);
    }

    /** The columns in the first parentheses behind {@code i}: names that stand first between commas. */
    private List<String> indexed(int i) {
        int open = i;
        while (open < end && !tokens.isSymbol(open, '(')) {
            open++;
        }
        List<String> columns = new ArrayList<>();
        int depth = 0;
        for (int k = open; k < end; k++) {
            if (depth == 1 && (k == open + 1 || tokens.isSymbol(k - 1, ',')) && tokens.isName(k)) {
                columns.add(tokens.name(k));
            }
            if (tokens.isSymbol(k, '(')) {
                depth++;
            } else if (tokens.isSymbol(k, ')') && --depth == 0) {
                break;
            }
        }
        return columns;
    }

    /** Behind IF [NOT] EXISTS, which MariaDB has. */
    private int pastIf(int i) {
        if (!is(i, "IF")) {
            return i;
        }
        if (is(i + 1, "EXISTS")) {
            return i + 2;
        }
        return is(i + 1, "NOT") && is(i + 2, "EXISTS") ? i + 3 : i;
    }

    private String name(int i) {
        if (!AlterText.isName(tokens, i, end)) {
            throw notUnderstood();
        }
        return tokens.name(i);
    }

    private MigrationException notUnderstood() {
        return AlterText.refused(alter, "a clause is not understood: " + sql(), "give clauses of ALTER TABLE");
    }

    private boolean is(int i, String word) {
        return i < end && tokens.isWord(i, word);
    }

    private String word(int i) {
        return i < end ? tokens.text(i).toUpperCase(Locale.ROOT) : "";
    }

    private String sql() {
        return instead.isEmpty() ? text(from, end) : instead + text(from + 1, end);
    }

    private String text(int begin, int to) {
        return begin >= to ? "" : tokens.code().substring(tokens.start(begin), tokens.end(to - 1));
    }
}

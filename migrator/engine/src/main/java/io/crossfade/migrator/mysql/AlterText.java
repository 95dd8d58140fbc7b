package io.crossfade.migrator.mysql;

import io.crossfade.dialect.SqlMode;
import io.crossfade.dialect.TokenKind;
import io.crossfade.dialect.Tokens;
import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.model.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * An ALTER TABLE's text, cut into its clauses.
 *
 * <p>{@code ALTER TABLE t ADD c INT, ENGINE=InnoDB, ALGORITHM=INPLACE;} → {@code ADD c INT} and {@code ENGINE=InnoDB}. Immutable.
 */
public final class AlterText {
    private final List<Clause> clauses;

    private AlterText(List<Clause> clauses) {
        this.clauses = List.copyOf(clauses);
    }

    /** Reads it; refused where it is not one ALTER of this table, or asks for what no copy can give. */
    public static AlterText read(Server server, TableAlter alter) {
        return read(server, SqlMode.DEFAULT, alter);
    }

    /** The same as the server that the session is on reads it, or did when it was begun, see {@link TextMode}. */
    public static AlterText read(Connection connection, Server server, TableAlter alter) throws SQLException {
        String begun = alter.mode();
        return read(server, SqlMode.of(begun == null ? TextMode.words(connection) : begun), alter);
    }

    private static AlterText read(Server server, SqlMode mode, TableAlter alter) {
        Tokens tokens = server.dialect().lex(alter.alter(), mode);
        if (tokens.isBroken()) {
            throw refused(alter, "a string, a name or a comment in it does not end", "close it");
        }
        int end = tokens.size();
        while (tokens.isSymbol(end - 1, ';')) {
            end--;
        }
        for (int i = 0; i < end; i++) {
            if (tokens.isSymbol(i, ';')) {
                throw refused(alter, "it holds more than one statement", "give one ALTER for the table");
            }
        }
        int begin = head(server, tokens, end, alter);
        if (begin >= end) {
            throw refused(alter, "it is empty", "say what is to change, such as ADD COLUMN note TEXT");
        }
        List<Clause> clauses = new ArrayList<>();
        for (int[] piece : pieces(tokens, begin, end)) {
            clauses.addAll(new ClauseReader(alter, tokens, piece[0], piece[1]).read());
        }
        return new AlterText(clauses);
    }

    /** The clauses in their order, ALGORITHM and LOCK left out: which way to go is not for the text to say. */
    public List<Clause> clauses() {
        return clauses.stream().filter(c -> !(c instanceof Clause.Algorithm)).toList();
    }

    /** All clauses of one kind. */
    public <C extends Clause> List<C> all(Class<C> kind) {
        return clauses.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    public boolean has(Class<? extends Clause> kind) {
        return clauses.stream().anyMatch(kind::isInstance);
    }

    /** The clauses as SQL, without ALGORITHM and LOCK. */
    public String sql() {
        return clauses().stream().map(Clause::sql).collect(Collectors.joining(", "));
    }

    /** Columns that get another name, by the old one in lower case. */
    public Map<String, Clause.ChangeColumn> renames() {
        Map<String, Clause.ChangeColumn> renames = new LinkedHashMap<>();
        for (Clause.ChangeColumn change : all(Clause.ChangeColumn.class)) {
            if (change.isRename()) {
                renames.put(change.from().toLowerCase(Locale.ROOT), change);
            }
        }
        return renames;
    }

    /** Whether a column is dropped, be it that another of the same name is added. */
    public boolean drops(String column) {
        return all(Clause.DropColumn.class).stream().anyMatch(d -> d.column().equalsIgnoreCase(column));
    }

    /** Passes over {@code ALTER TABLE shop.orders}, where the text begins so. */
    private static int head(Server server, Tokens tokens, int end, TableAlter alter) {
        if (!tokens.isWord(0, "ALTER")) {
            return 0;
        }
        int i = tokens.isWord(1, "ONLINE") ? 2 : 1;
        if (!tokens.isWord(i, "TABLE")) {
            return 0;
        }
        i++;
        if (tokens.isWord(i, "IF") && tokens.isWord(i + 1, "EXISTS")) {
            i += 2;
        }
        if (i >= end || !tokens.isName(i)) {
            throw refused(alter, "no table stands behind ALTER TABLE", "leave ALTER TABLE out");
        }
        boolean isQualified = tokens.isSymbol(i + 1, '.') && tokens.isName(i + 2);
        String schema = isQualified ? tokens.name(i) : alter.table().schema();
        String table = tokens.name(isQualified ? i + 2 : i);
        if (!server.isSame(new TableName(schema, table), alter.table())) {
            throw refused(
                    alter,
                    "it names table \"" + schema + "." + table + "\"",
                    "leave ALTER TABLE out, or name the same table");
        }
        return isQualified ? i + 3 : i + 1;
    }

    /** Cuts at commas outside of parentheses; a list of partitions or of ORDER BY stays in one piece. */
    private static List<int[]> pieces(Tokens tokens, int begin, int end) {
        List<int[]> pieces = new ArrayList<>();
        int depth = 0;
        int from = begin;
        for (int i = begin; i < end; i++) {
            if (tokens.isSymbol(i, '(')) {
                depth++;
            } else if (tokens.isSymbol(i, ')')) {
                depth--;
            } else if (depth == 0 && tokens.isSymbol(i, ',') && !isList(tokens, from, i)) {
                pieces.add(new int[] {from, i});
                from = i + 1;
            }
        }
        pieces.add(new int[] {from, end});
        return pieces;
    }

    private static boolean isList(Tokens tokens, int from, int comma) {
        return tokens.isWord(from, "ORDER")
                || (tokens.isWord(from + 1, "PARTITION")
                        && !tokens.isWord(from, "ADD")
                        && comma + 1 < tokens.size()
                        && tokens.isName(comma + 1)
                        && (comma + 2 == tokens.size()
                                || tokens.isSymbol(comma + 2, ',')
                                || tokens.isSymbol(comma + 2, ';')));
    }

    static MigrationException refused(TableAlter alter, String seen, String todo) {
        return MigrationException.refused("cannot alter table \"" + alter.table() + "\"; " + seen + "; " + todo);
    }

    /** Tells a name from a string literal in it. */
    static boolean isName(Tokens tokens, int i, int end) {
        return i < end && tokens.isName(i) && tokens.kind(i) != TokenKind.STRING;
    }
}

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
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * An ALTER TABLE's text, cut into its clauses.
 *
 * <p>{@code ALTER TABLE t ADD c INT, ENGINE=InnoDB, ALGORITHM=INPLACE;} → {@code ADD c INT} and {@code ENGINE=InnoDB}. Immutable.
 */
public final class AlterText {
    private final List<Clause> clauses;

    /** Whether the last clause stands behind the others without a comma: {@code ADD c INT PARTITION BY HASH (id)}. */
    private final boolean hasTail;

    private AlterText(List<Clause> clauses, boolean hasTail) {
        this.clauses = List.copyOf(clauses);
        this.hasTail = hasTail;
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
        int tail = tail(tokens, begin, end);
        for (int[] piece : pieces(tokens, begin, tail)) {
            clauses.addAll(new ClauseReader(alter, tokens, piece[0], piece[1]).read());
        }
        if (tail < end) {
            clauses.addAll(new ClauseReader(alter, tokens, tail, end).read());
        }
        return new AlterText(clauses, tail < end);
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
        return sql(Clause::sql);
    }

    /**
     * The same with clauses said otherwise.
     *
     * @param shown a clause as it is to be said; empty where it is to be left out
     */
    String sql(Function<Clause, String> shown) {
        List<Clause> all = clauses();
        int commas = hasTail ? all.size() - 1 : all.size();
        String list = all.subList(0, commas).stream()
                .map(shown)
                .filter(s -> !s.isEmpty())
                .collect(Collectors.joining(", "));
        return hasTail ? (list + " " + shown.apply(all.get(commas))).strip() : list;
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

    /** Passes over {@code ALTER TABLE shop.orders WAIT 5}, where the text begins so. */
    private static int head(Server server, Tokens tokens, int end, TableAlter alter) {
        int i = table(server, tokens, end, alter);
        if (server.isMariaDb() && tokens.isWord(i, "NOWAIT")) {
            return i + 1;
        }
        // How long a lock is waited for is not for the text to say either.
        return server.isMariaDb() && tokens.isWord(i, "WAIT") && i + 1 < end && tokens.kind(i + 1) == TokenKind.NUMBER
                ? i + 2
                : i;
    }

    private static int table(Server server, Tokens tokens, int end, TableAlter alter) {
        if (!tokens.isWord(0, "ALTER")) {
            return 0;
        }
        int i = tokens.isWord(1, "ONLINE") ? 2 : 1;
        if (tokens.isWord(i, "IGNORE")) {
            throw refused(alter, "IGNORE leaves rows out, or bends them, in silence", "leave IGNORE out");
        }
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

    /**
     * Where the partitions of the new table begin that stand behind all other clauses, without a comma; both words are the server's own, so
     * that nothing else is called so.
     */
    private static int tail(Tokens tokens, int begin, int end) {
        int depth = 0;
        for (int i = begin; i < end; i++) {
            if (tokens.isSymbol(i, '(')) {
                depth++;
            } else if (tokens.isSymbol(i, ')')) {
                depth--;
            }
            boolean isTail = tokens.isWord(i, "PARTITION") && tokens.isWord(i + 1, "BY")
                    || tokens.isWord(i, "REMOVE") && tokens.isWord(i + 1, "PARTITIONING");
            if (depth == 0 && isTail) {
                return i == begin || tokens.isSymbol(i - 1, ',') ? end : i;
            }
        }
        return end;
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

package io.crossfade.sql;

import io.crossfade.dialect.Dialect;
import io.crossfade.dialect.Tokens;
import io.crossfade.model.Stage;
import io.crossfade.model.TableName;
import io.crossfade.state.ChangeState;
import io.crossfade.state.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Makes the plan of one statement that may name a changing table. What is not understood is refused where it writes, and left
 * on the old side where it reads and old is whole.
 *
 * <p>Confined to one planning.
 */
final class Planner {
    private final Tokens tokens;
    private final Dialect dialect;
    private final SessionView session;
    private final Tables tables;
    private final List<ChangingTable> named = new ArrayList<>();
    private final boolean compares;

    /**
     * @param compares whether a read is to tell of each row whether its two sides agree
     */
    Planner(Tokens tokens, Dialect dialect, Catalog catalog, Snapshot snapshot, SessionView session, boolean compares) {
        this.compares = compares;
        this.tokens = tokens;
        this.dialect = dialect;
        this.session = session;
        this.tables = new Tables(dialect, catalog, snapshot, session);
        for (ChangeState state : snapshot.changes()) {
            TableName name = state.change().table();
            ChangingTable table = isNamed(name) ? tables.changing(name) : null;
            if (table != null) {
                named.add(table);
            }
        }
    }

    Plan plan() {
        Plan plan = planned();
        return plan.namesChanging() ? plan.with(new NamingReader(tokens).read(named)) : plan;
    }

    private Plan planned() {
        if (isPreparedText()) {
            return refuse("text-prepare", "it holds a statement in a string", "prepare it through the driver");
        }
        if (named.isEmpty()) {
            return Plan.FOREIGN;
        }
        String verb = verb();
        try {
            return switch (verb) {
                case "SELECT", "WITH", "(", "TABLE", "VALUES" -> isWritingWith(verb) ? write(verb) : select();
                case "INSERT", "REPLACE", "UPDATE", "DELETE" -> write(verb);
                case "EXPLAIN", "DESCRIBE", "DESC", "SET", "DO", "CALL" -> wrapped(verb);
                case "ANALYZE", "BEGIN" -> tokens.size() > 1 && !isPlain(verb) ? unknown() : pass();
                case "SHOW",
                        "USE",
                        "HELP",
                        "CHECK",
                        "OPTIMIZE",
                        "CHECKSUM",
                        "FLUSH",
                        "GRANT",
                        "REVOKE",
                        "START",
                        "COMMIT",
                        "ROLLBACK",
                        "SAVEPOINT",
                        "RELEASE",
                        "KILL",
                        "LOCK",
                        "UNLOCK",
                        "TRUNCATE",
                        "EXECUTE",
                        "DEALLOCATE" -> pass();
                case "ALTER", "CREATE", "DROP", "RENAME" ->
                    refuse("ddl", "its structure is being changed", "wait until the change is closed, or roll it back");
                default -> unknown();
            };
        } catch (Refusals.Refused e) {
            return Plan.refused(e.refusal);
        }
    }

    private Plan select() {
        try {
            return new SelectPlanner(tokens, dialect, tables).plan(compares);
        } catch (NotUnderstoodException e) {
            Plan plan = new UnreadQuery(tokens, named).plan(e);
            return compares ? plan.comparing(Comparison.unfit("not-understood"), List.of()) : plan;
        }
    }

    private Plan unknown() {
        return refuse(
                "unknown-statement", "this kind of statement is not known", "write it as INSERT, UPDATE or DELETE");
    }

    /** A statement that may hold a query, and on MariaDB a whole statement: {@code SET STATEMENT … FOR UPDATE orders …}. */
    private Plan wrapped(String verb) {
        if (verb.equals("SET") && tokens.isWord(1, "STATEMENT")) {
            for (int i = 2; i < tokens.size(); i++) {
                if (tokens.isWord(i, "FOR")) {
                    return tokens.isWord(i + 1, "SELECT") ? readAsIs("set-statement") : unknown();
                }
            }
        }
        return holds("SELECT") ? readAsIs("explain") : pass();
    }

    /** MariaDB runs what follows ANALYZE, and takes BEGIN NOT ATOMIC for a block of statements. */
    private boolean isPlain(String verb) {
        if (verb.equals("BEGIN")) {
            return tokens.isWord(1, "WORK") || tokens.isSymbol(1, ';');
        }
        return tokens.isWord(1, "TABLE") || tokens.isWord(1, "LOCAL") || tokens.isWord(1, "NO_WRITE_TO_BINLOG");
    }

    private Plan readAsIs(String reason) {
        return new UnreadQuery(tokens, named).plan(new NotUnderstoodException(reason, "it is sent as it is"));
    }

    private Plan pass() {
        return Plan.of(List.of(), null);
    }

    private Plan write(String verb) {
        try {
            return switch (verb) {
                case "INSERT", "REPLACE" -> insert();
                case "UPDATE" -> new UpdatePlanner(tokens, dialect, tables, session.mode()).planUpdate();
                case "DELETE" -> new UpdatePlanner(tokens, dialect, tables, session.mode()).planDelete();
                default -> throw new NotUnderstoodException("cte-write", "it writes behind a WITH clause");
            };
        } catch (NotUnderstoodException e) {
            if (named.stream().noneMatch(t -> t.stage().atLeast(Stage.EXPAND))) {
                return pass();
            }
            return refuse(e.reason(), e.what(), "write it in a plainer form, or split it");
        }
    }

    private Plan insert() throws NotUnderstoodException {
        InsertText insert = InsertText.read(tokens);
        Optional<TableName> target = tables.resolve(insert.schema(), insert.table());
        ChangingTable table = target.map(tables::changing).orElse(null);
        if (table != null) {
            return new InsertPlanner(tokens, dialect, table, insert).plan();
        }
        // Without a query only a column can be called like the changing table.
        return holds("SELECT") || holds("TABLE")
                ? new SelectPlanner(tokens, dialect, tables).planInsertInto()
                : Plan.FOREIGN;
    }

    private Plan refuse(String reason, String seen, String todo) {
        if (named.isEmpty()) {
            return Plan.refused(
                    reason, "cannot rewrite " + verb() + ": " + seen + " that may name a changing table; " + todo);
        }
        Refusals.Refused refused = Refusals.refused(reason, verb(), named.get(0), seen, todo);
        return Plan.refused(refused.refusal);
    }

    private String verb() {
        return tokens.size() == 0 ? "" : tokens.text(0).toUpperCase(Locale.ROOT);
    }

    /** Text of a PREPARE, where names hide in a string; MariaDB's EXECUTE IMMEDIATE holds one too. */
    private boolean isPreparedText() {
        return tokens.isWord(0, "PREPARE") || tokens.isWord(0, "EXECUTE") && tokens.isWord(1, "IMMEDIATE");
    }

    private boolean isWritingWith(String verb) {
        if (!verb.equals("WITH")) {
            return false;
        }
        for (int i = 1; i < tokens.size(); i++) {
            boolean write = tokens.isWord(i, "UPDATE") || tokens.isWord(i, "DELETE") || tokens.isWord(i, "INSERT");
            if (write && !tokens.isWord(i - 1, "FOR")) {
                return true;
            }
        }
        return false;
    }

    private boolean holds(String word) {
        for (int i = 0; i < tokens.size(); i++) {
            if (tokens.isWord(i, word)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a token may name this table: in its schema, by default or in so many words. */
    private boolean isNamed(TableName name) {
        for (int i = 0; i < tokens.size(); i++) {
            if (tokens.isNamed(i, name.table())) {
                boolean qualified = tokens.isSymbol(i - 1, '.') && tokens.isName(i - 2);
                if (qualified
                        ? tokens.isNamed(i - 2, name.schema())
                        : session.schema().equalsIgnoreCase(name.schema())) {
                    return true;
                }
            }
        }
        return false;
    }
}

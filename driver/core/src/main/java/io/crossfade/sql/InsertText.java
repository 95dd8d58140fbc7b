package io.crossfade.sql;

import io.crossfade.dialect.Tokens;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The parts of an INSERT or REPLACE, found by tokens. Immutable.
 *
 * @param schema schema of its table where one is written
 * @param table its table
 * @param tableEnd after the table's last token, and a PARTITION clause's
 * @param columns its column list; null where there is none
 * @param columnsOpen the token that opens the column list; -1 where there is none
 * @param columnsClose the token that closes it; -1 where there is none
 * @param form VALUES, SET, or anything else: a query
 * @param formAt the token that begins the form
 * @param rows the rows of VALUES
 * @param set the assignments of SET, or null
 * @param update the assignments of ON DUPLICATE KEY UPDATE, or null
 * @param updateAt the token after UPDATE there, or the end
 * @param end after its last token
 */
record InsertText(
        @Nullable String schema,
        String table,
        int tableEnd,
        @Nullable List<Name> columns,
        int columnsOpen,
        int columnsClose,
        Form form,
        int formAt,
        List<Row> rows,
        @Nullable SetList set,
        @Nullable SetList update,
        int updateAt,
        int end) {

    enum Form {
        VALUES,
        SET,
        QUERY
    }

    /** A column name and its token. */
    record Name(String name, int token) {}

    /** One row: its parentheses and its values. */
    record Row(int open, int close, List<Value> values) {}

    /** One value, by its tokens. */
    record Value(int from, int to) {}

    static InsertText read(Tokens tokens) throws NotUnderstoodException {
        return new Reader(tokens).read();
    }

    /** Reads from left to right. Confined to one call. */
    private static final class Reader {
        private final Tokens tokens;
        private int i;

        Reader(Tokens tokens) {
            this.tokens = tokens;
        }

        InsertText read() throws NotUnderstoodException {
            i = 1;
            while (tokens.isWord(i, "LOW_PRIORITY")
                    || tokens.isWord(i, "DELAYED")
                    || tokens.isWord(i, "HIGH_PRIORITY")
                    || tokens.isWord(i, "IGNORE")
                    || tokens.isWord(i, "INTO")) {
                i++;
            }
            String table = name();
            String schema = null;
            if (tokens.isSymbol(i, '.')) {
                i++;
                schema = table;
                table = name();
            }
            if (tokens.isWord(i, "PARTITION")) {
                i = closing(i + 1) + 1;
            }
            int tableEnd = i;
            int open = -1;
            int close = -1;
            List<Name> columns = null;
            boolean query =
                    tokens.isWord(i + 1, "SELECT") || tokens.isWord(i + 1, "WITH") || tokens.isSymbol(i + 1, '(');
            if (tokens.isSymbol(i, '(') && !query) {
                open = i;
                close = closing(i);
                columns = columns(open, close);
                i = close + 1;
            }
            int formAt = i;
            List<Row> rows = List.of();
            SetList set = null;
            Form form = Form.QUERY;
            int end = end();
            int update = onDuplicate(end);
            int formEnd = update < 0 ? end : update - 4;
            if (tokens.isWord(i, "VALUES") || tokens.isWord(i, "VALUE")) {
                form = Form.VALUES;
                i++;
                rows = rows(formEnd);
            } else if (tokens.isWord(i, "SET")) {
                form = Form.SET;
                set = SetList.read(tokens, i + 1, formEnd);
            }
            SetList updates = update < 0 ? null : SetList.read(tokens, update, end);
            return new InsertText(
                    schema,
                    table,
                    tableEnd,
                    columns,
                    open,
                    close,
                    form,
                    formAt,
                    rows,
                    set,
                    updates,
                    update < 0 ? end : update,
                    end);
        }

        private String name() throws NotUnderstoodException {
            if (!tokens.isName(i)) {
                throw new NotUnderstoodException("insert", "there is no table name where one is expected");
            }
            return tokens.name(i++);
        }

        private List<Name> columns(int open, int close) throws NotUnderstoodException {
            List<Name> names = new ArrayList<>();
            for (int k = open + 1; k < close; k++) {
                if (tokens.isSymbol(k, '.') || tokens.isSymbol(k + 1, '.') || tokens.isSymbol(k, ',')) {
                    continue; // A qualifier says nothing that the table has not said.
                }
                if (!tokens.isName(k)) {
                    throw new NotUnderstoodException("insert", "the column list holds something that is not a column");
                }
                names.add(new Name(tokens.name(k), k));
            }
            return names;
        }

        private List<Row> rows(int end) throws NotUnderstoodException {
            List<Row> rows = new ArrayList<>();
            do {
                if (tokens.isWord(i, "ROW")) {
                    i++;
                }
                if (!tokens.isSymbol(i, '(')) {
                    throw new NotUnderstoodException("insert", "VALUES is not a list of rows");
                }
                int close = closing(i);
                rows.add(new Row(i, close, values(i, close)));
                i = close + 1;
            } while (tokens.isSymbol(i++, ',') && i < end);
            if (i - 1 < end) {
                throw new NotUnderstoodException("insert", "something follows the rows that Crossfade does not read");
            }
            return rows;
        }

        private List<Value> values(int open, int close) {
            List<Value> values = new ArrayList<>();
            int from = open + 1;
            int depth = 0;
            for (int k = from; k <= close; k++) {
                if (depth == 0 && (k == close || tokens.isSymbol(k, ','))) {
                    if (k > from) {
                        values.add(new Value(from, k));
                    }
                    from = k + 1;
                } else {
                    depth += tokens.isSymbol(k, '(') ? 1 : tokens.isSymbol(k, ')') ? -1 : 0;
                }
            }
            return values;
        }

        private int closing(int open) throws NotUnderstoodException {
            int depth = 0;
            for (int k = open; k < tokens.size(); k++) {
                depth += tokens.isSymbol(k, '(') ? 1 : tokens.isSymbol(k, ')') ? -1 : 0;
                if (depth == 0) {
                    return k;
                }
            }
            throw new NotUnderstoodException("insert", "a parenthesis is not closed");
        }

        /** The token after ON DUPLICATE KEY UPDATE, or -1. */
        private int onDuplicate(int end) {
            for (int k = i; k + 3 < end; k++) {
                if (tokens.isWord(k, "ON")
                        && tokens.isWord(k + 1, "DUPLICATE")
                        && tokens.isWord(k + 2, "KEY")
                        && tokens.isWord(k + 3, "UPDATE")) {
                    return k + 4;
                }
            }
            return -1;
        }

        private int end() throws NotUnderstoodException {
            int end = tokens.size();
            while (end > 0 && tokens.isSymbol(end - 1, ';')) {
                end--;
            }
            for (int k = i; k < end; k++) {
                if (tokens.isWord(k, "RETURNING")) {
                    throw new NotUnderstoodException("returning", "it has a RETURNING clause");
                }
            }
            return end;
        }
    }
}

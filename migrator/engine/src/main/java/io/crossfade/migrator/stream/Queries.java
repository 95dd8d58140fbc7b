package io.crossfade.migrator.stream;

import io.crossfade.dialect.SqlMode;
import io.crossfade.dialect.Tokens;
import io.crossfade.migrator.mysql.Server;
import io.crossfade.migrator.row.Bytes;
import io.crossfade.model.TableName;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The statements that stand in the log as text: the brackets around transactions, and DDL. Immutable. */
final class Queries {

    /** Thread, time, schema's length, error code, length of the session's variables. */
    private static final int HEAD_BYTES = 13;

    private static final int SESSION_BYTES = 4;

    /** LOAD DATA has the number of its file, two places in its text and a flag more. */
    private static final int LOAD_BYTES = 13;

    private static final byte[] BEGIN = "BEGIN".getBytes(StandardCharsets.UTF_8);
    private static final Set<String> CHANGING = Set.of("ALTER", "RENAME", "DROP", "TRUNCATE", "CREATE");
    private static final Set<String> WRITING = Set.of("INSERT", "UPDATE", "DELETE", "REPLACE", "LOAD", "WITH");

    private final Server server;
    private final List<TableName> watched;

    Queries(Server server, List<TableName> watched) {
        this.server = server;
        this.watched = List.copyOf(watched);
    }

    enum Kind {
        BEGIN,
        COMMIT,
        ROLLBACK,
        SAVEPOINT,
        ROLLBACK_TO,
        XA_START,
        XA_END,
        XA_COMMIT,
        XA_ROLLBACK,
        OTHER
    }

    /**
     * One statement.
     *
     * @param object the name of the savepoint or XA transaction, else empty
     * @param schema the session's current schema
     * @param session the session's id
     */
    record Query(Kind kind, String object, String schema, String sql, long session) {

        /** CREATE TABLE … SELECT, whose rows follow. */
        boolean opensTransaction() {
            return sql.toUpperCase(Locale.ROOT).endsWith("START TRANSACTION");
        }
    }

    Query read(Bytes body) {
        return read(body, 0);
    }

    Query readLoad(Bytes body) {
        return read(body, LOAD_BYTES);
    }

    private static Query read(Bytes body, int moreBytes) {
        long session = body.little(SESSION_BYTES);
        body.skip(HEAD_BYTES - SESSION_BYTES - 5);
        int schemaBytes = body.u8();
        body.skip(2);
        int variableBytes = (int) body.little(2);
        body.skip(moreBytes + variableBytes);
        int schemaStart = body.position();
        body.skip(schemaBytes + 1);
        if (body.left() == BEGIN.length && body.startsWith(BEGIN)) {
            return new Query(Kind.BEGIN, "", "", "BEGIN", session);
        }
        String schema = body.textAt(schemaStart, schemaBytes);
        String sql = body.text(body.left());
        for (Kind kind : Kind.values()) {
            String words = kind.name().replace('_', ' ');
            if (kind != Kind.OTHER && sql.regionMatches(true, 0, words, 0, words.length())) {
                String object = sql.substring(words.length()).strip();
                boolean isWhole = object.isEmpty() == (kind.ordinal() < Kind.SAVEPOINT.ordinal());
                if (isWhole) {
                    boolean isXa = words.startsWith("XA");
                    return new Query(kind, isXa ? xid(object) : object, schema, sql, session);
                }
            }
        }
        return new Query(Kind.OTHER, "", schema, sql, session);
    }

    /** The same text for every way in which the servers write {@code X'67',X'62',1}. */
    private static String xid(String text) {
        return text.toLowerCase(Locale.ROOT).replace("one phase", "").replace(" ", "");
    }

    /** The same from MariaDB's bytes: format (4) global length (1) branch length (1) global branch. */
    static String xid(Bytes bytes) {
        long format = bytes.little(4);
        int globalBytes = bytes.u8();
        int branchBytes = bytes.u8();
        HexFormat hex = HexFormat.of();
        return "x'" + hex.formatHex(bytes.take(globalBytes)) + "',x'" + hex.formatHex(bytes.take(branchBytes)) + "',"
                + format;
    }

    /** Whether a statement that stands for itself may give a watched table another form, or other rows. */
    boolean changesWatched(Query query) {
        Tokens tokens = server.dialect().lex(query.sql(), SqlMode.DEFAULT);
        return tokens.size() > 0
                && CHANGING.contains(tokens.text(0).toUpperCase(Locale.ROOT))
                && (names(query, tokens) || dropsSchema(tokens));
    }

    /** A write as a statement has no rows in the log. */
    void requireNoWrite(Query query) {
        Tokens tokens = server.dialect().lex(query.sql(), SqlMode.DEFAULT);
        if (tokens.size() > 0 && WRITING.contains(tokens.text(0).toUpperCase(Locale.ROOT)) && names(query, tokens)) {
            throw new Unreadable(
                    "a statement that writes to a watched table instead of its rows: a session has another binlog_format"
                            + " than ROW",
                    "set binlog_format to ROW for every session and begin again");
        }
    }

    private boolean names(Query query, Tokens tokens) {
        for (int i = 0; i < tokens.size(); i++) {
            for (TableName table : watched) {
                if (tokens.isName(i) && server.isSame(tokens.name(i), table.table())) {
                    boolean isQualified = i >= 2 && tokens.isSymbol(i - 1, '.') && tokens.isName(i - 2);
                    String schema = isQualified ? tokens.name(i - 2) : query.schema();
                    if (server.isSame(schema, table.schema())) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private boolean dropsSchema(Tokens tokens) {
        boolean isDrop = tokens.isWord(0, "DROP") && (tokens.isWord(1, "DATABASE") || tokens.isWord(1, "SCHEMA"));
        for (int i = 2; isDrop && i < tokens.size(); i++) {
            for (TableName table : watched) {
                if (tokens.isName(i) && server.isSame(tokens.name(i), table.schema())) {
                    return true;
                }
            }
        }
        return false;
    }
}

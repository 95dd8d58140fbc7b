package io.crossfade.migrator.stream;

import io.crossfade.migrator.row.Bytes;
import io.crossfade.migrator.row.Row;
import io.crossfade.migrator.row.RowDecoder;
import java.io.IOException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Puts the log's events together to transactions, and hands on what the watched tables' part of them is.
 *
 * <pre>
 * MySQL    GTID  QUERY(BEGIN)     (TABLE_MAP+ ROWS+)*  XID            a transaction
 *          GTID  QUERY(XA START)  …  QUERY(XA END)  XA_PREPARE        rows that a later XA COMMIT makes valid
 *          GTID  QUERY(ALTER …)                                       DDL
 * MariaDB  GTID(flags)            (TABLE_MAP+ ROWS+)*  XID            the flags tell which
 * </pre>
 *
 * <p>Confined to the reader's thread.
 */
final class Transactions {

    /** An event's share of the queue besides its values; the objects around an image of ten columns. */
    private static final int EVENT_BYTES = 400;

    private static final int MARIADB_STANDALONE = 1;
    private static final int MARIADB_GROUP_COMMIT = 2;
    private static final int MARIADB_PREPARED_XA = 64;

    private final Place place;
    private final Gtids gtids;
    private final Watched watched;
    private final Queries queries;
    private final EventQueue queue;
    private final Prepared prepared;
    private final Retractions retractions = new Retractions();
    private LogPosition boundary;

    private String gtid = "";
    private boolean isOpen;
    private @Nullable String xid;
    private int changes;
    private int rowEvents;
    private long session;
    /** Until the server has said a time, ours will do. */
    private long lastSeconds = System.currentTimeMillis() / 1000;

    /** Asked by GTIDs, a server begins to send at a place that tells nothing until the first transaction. */
    private boolean isPlaced;

    Transactions(LogPosition from, Watched watched, Queries queries, EventQueue queue, long preparedBytesMax) {
        this.boundary = from;
        this.isPlaced = from.gtids().isEmpty();
        this.place = new Place(from.file(), from.offset());
        this.gtids = new Gtids(from.gtids());
        this.watched = watched;
        this.queries = queries;
        this.queue = queue;
        this.prepared = new Prepared(preparedBytesMax);
    }

    Place place() {
        return place;
    }

    /** The numbers of tables begin anew. */
    void forgetTables() {
        watched.forget();
    }

    /** The end of the last whole transaction: here reading begins again after a lost connection. */
    LogPosition boundary() {
        return boundary;
    }

    /** Forgets the transaction under way, of which the reader will see the beginning again. */
    void rewind(String reason) throws IOException {
        place.rotate(boundary.file(), boundary.offset());
        prepared.rewind();
        isPlaced = boundary.gtids().isEmpty();
        watched.forget();
        if (changes > 0) {
            queue.put(new LogEvent.Rewound(reason), EVENT_BYTES);
        }
        begin();
        isOpen = false;
    }

    void on(int type, long serverSeconds, long serverId, Bytes body) throws IOException {
        switch (type) {
            case EventType.GTID -> {
                body.skip(1);
                gtid = new UUID(body.big(8), body.big(8)) + ":" + body.little(8);
            }
            case EventType.GTID_TAGGED -> gtids.giveUp();
            case EventType.MARIADB_GTID -> mariaDbGtid(serverId, body);
            case EventType.QUERY -> query(queries.read(body), serverSeconds);
            case EventType.EXECUTE_LOAD_QUERY -> query(queries.readLoad(body), serverSeconds);
            case EventType.TABLE_MAP -> watched.map(body);
            case EventType.WRITE_ROWS, EventType.WRITE_ROWS_V1 -> rows(type, false, true, body);
            case EventType.UPDATE_ROWS, EventType.UPDATE_ROWS_V1 -> rows(type, true, true, body);
            case EventType.DELETE_ROWS, EventType.DELETE_ROWS_V1 -> rows(type, true, false, body);
            case EventType.PARTIAL_UPDATE_ROWS -> partialRows(body);
            case EventType.XID -> commit(serverSeconds);
            case EventType.XA_PREPARE -> prepare(body.u8() != 0, serverSeconds);
            default -> throw new IllegalStateException("an event of type " + type);
        }
    }

    /** An event between transactions: the place moves on without one, to where the server says that its log ends. */
    void between(long serverSeconds) throws IOException {
        boolean isBetween = isPlaced && !isOpen && gtid.isEmpty();
        if (isBetween && (place.offset() != boundary.offset() || !place.file().equals(boundary.file()))) {
            changes = 0;
            commit(serverSeconds > 0 ? serverSeconds : lastSeconds);
        }
    }

    private void begin() {
        isOpen = true;
        session = 0;
        xid = null;
        changes = 0;
        rowEvents = 0;
        retractions.begin();
    }

    private void mariaDbGtid(long serverId, Bytes body) {
        long sequence = body.little(8);
        gtid = body.little(4) + "-" + serverId + "-" + Long.toUnsignedString(sequence);
        begin();
        int flags = body.u8();
        isOpen = (flags & MARIADB_STANDALONE) == 0;
        if ((flags & MARIADB_PREPARED_XA) != 0) {
            body.skip((flags & MARIADB_GROUP_COMMIT) != 0 ? 8 : 0);
            xid = Queries.xid(body);
        }
    }

    private void query(Queries.Query query, long serverSeconds) throws IOException {
        switch (query.kind()) {
            case BEGIN -> {
                begin();
                session = query.session();
            }
            case COMMIT -> commit(serverSeconds);
            case ROLLBACK -> {
                if (changes > 0) {
                    queue.put(new LogEvent.Rewound("the transaction was rolled back"), EVENT_BYTES);
                }
                commit(serverSeconds);
            }
            case SAVEPOINT -> retractions.savepoint(query.object(), rowEvents);
            case ROLLBACK_TO -> {
                if (retractions.rollBack(query.object(), rowEvents)) {
                    throw new RereadException("a savepoint's changes were rolled back");
                }
            }
            case XA_START -> {
                begin();
                session = query.session();
                xid = query.object();
            }
            case XA_END -> {}
            case XA_COMMIT -> {
                session = query.session();
                for (LogEvent.Changed change : prepared.commit(query.object())) {
                    changes++;
                    queue.put(change, EVENT_BYTES);
                }
                commit(serverSeconds);
            }
            case XA_ROLLBACK -> {
                prepared.rollBack(query.object());
                commit(serverSeconds);
            }
            case OTHER -> other(query, serverSeconds);
        }
    }

    private void other(Queries.Query query, long serverSeconds) throws IOException {
        if (isOpen) {
            queries.requireNoWrite(query);
            return;
        }
        begin();
        if (query.opensTransaction()) {
            return;
        }
        boolean isNamed = queries.changesWatched(query);
        if (isNamed) {
            gtids.add(gtid);
            gtid = "";
            changes++;
            queue.put(
                    new LogEvent.Statement(query.schema(), query.sql(), reported()),
                    EVENT_BYTES + 2L * query.sql().length());
        }
        commit(serverSeconds);
    }

    private void rows(int type, boolean hasBefore, boolean hasAfter, Bytes body) throws IOException {
        Watched.Mapped table = watched.of(body.little(6));
        if (table == null) {
            return;
        }
        boolean isSkipped = retractions.holds(rowEvents++);
        body.skip(2);
        if (type >= EventType.WRITE_ROWS) {
            body.skip((int) body.little(2) - 2);
        }
        int columns = (int) body.packed();
        if (columns != table.decoder().columns()) {
            throw new Unreadable(
                    "rows of " + table.name() + " with " + columns + " columns",
                    "the table was changed meanwhile; begin again");
        }
        RowDecoder old = hasBefore ? decoder(table, body.slice((columns + 7) / 8)) : null;
        RowDecoder now = hasAfter ? decoder(table, body.slice((columns + 7) / 8)) : null;
        while (body.left() > 0 && !isSkipped) {
            int left = body.left();
            Row before = old == null ? null : old.read(body);
            Row after = now == null ? null : now.read(body);
            LogEvent.Changed change = new LogEvent.Changed(table.name(), before, after);
            long bytes = EVENT_BYTES + 2L * (left - body.left());
            if (xid != null) {
                prepared.hold(xid, change, bytes, boundary);
            } else {
                changes++;
                queue.put(change, bytes);
            }
        }
    }

    private static RowDecoder decoder(Watched.Mapped table, Bytes present) {
        return table.decoder()
                .having(present)
                .orElseThrow(() -> new Unreadable(
                        "rows of " + table.name() + " without all of their columns: a session has another"
                                + " binlog_row_image than FULL",
                        "set binlog_row_image to FULL for every session and begin again"));
    }

    private void partialRows(Bytes body) {
        Watched.Mapped table = watched.of(body.little(6));
        if (table != null) {
            throw new Unreadable(
                    "rows of " + table.name() + " with parts of JSON documents: a session has binlog_row_value_options"
                            + " = PARTIAL_JSON",
                    "set binlog_row_value_options to '' for every session and begin again");
        }
    }

    private void prepare(boolean isOnePhase, long serverSeconds) throws IOException {
        String prepares = xid;
        if (prepares == null) {
            throw new Unreadable("an XA transaction that ends without its beginning", "begin again");
        }
        if (isOnePhase) {
            for (LogEvent.Changed change : prepared.commitAtOnce(prepares)) {
                changes++;
                queue.put(change, EVENT_BYTES);
            }
        } else {
            prepared.seal(prepares, boundary);
        }
        commit(serverSeconds);
    }

    /** A transaction ends, in whichever way: from here reading can begin. */
    private void commit(long serverSeconds) throws IOException {
        gtids.add(gtid);
        gtid = "";
        isPlaced = true;
        boundary = new LogPosition(place.file(), place.offset(), gtids.text());
        isOpen = false;
        lastSeconds = serverSeconds;
        LogEvent.Committed committed = new LogEvent.Committed(reported(), serverSeconds * 1000, session);
        if (changes == 0) {
            queue.putQuiet(committed);
        } else {
            queue.put(committed, EVENT_BYTES);
        }
        changes = 0;
        retractions.end();
    }

    /** While an XA transaction is prepared, whoever begins here later needs its rows. */
    private LogPosition reported() {
        LogPosition floor = prepared.floor();
        return floor != null ? floor : new LogPosition(place.file(), place.offset(), gtids.text());
    }

    /** The transaction under way has to be read once more, and some of its rows are to be left out then. */
    static final class RereadException extends IOException {
        private static final long serialVersionUID = 1;

        RereadException(String message) {
            super(message);
        }
    }
}

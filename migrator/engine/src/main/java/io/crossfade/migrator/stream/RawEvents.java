package io.crossfade.migrator.stream;

import com.github.luben.zstd.ZstdInputStream;
import com.github.shyiko.mysql.binlog.event.Event;
import com.github.shyiko.mysql.binlog.event.EventHeaderV4;
import com.github.shyiko.mysql.binlog.event.deserialization.ChecksumType;
import com.github.shyiko.mysql.binlog.event.deserialization.EventDeserializer;
import com.github.shyiko.mysql.binlog.io.ByteArrayInputStream;
import io.crossfade.migrator.row.Bytes;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the stream of a connection into events. Nothing is made of an event but the bytes that it consists of, in a buffer that
 * the next one takes again; what they mean is for {@link Transactions}. So rows of tables that nobody watches, such as the ghost's
 * own, cost one copy.
 *
 * <pre>
 * event    seconds (4) type (1) server (4) length (4) end (4) flags (2) body checksum (0 or 4)
 * payload  fields (type, length, value)* 0 zstd(event*)     events without checksums
 * </pre>
 *
 * <p>Confined to the reader's thread, but for {@link #failure}.
 */
final class RawEvents extends EventDeserializer {
    private static final int HEAD_BYTES = 19;
    private static final int CHECKSUM_BYTES = 4;

    /** Larger events get a buffer of their own; nearly all have 8 KiB or less. */
    private static final int BUFFER_BYTES = 1024 * 1024;

    private static final int IS_ARTIFICIAL = 0x20;
    private static final int IS_IGNORABLE = 0x80;

    /** An event that the connection finds nothing to do with. */
    private static final Event PASSED = passed();

    private final Transactions transactions;
    private final byte[] head = new byte[HEAD_BYTES];
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private final byte[] innerBuffer = new byte[BUFFER_BYTES];
    private int checksumBytes;
    private long skippedUntil;
    private volatile @Nullable Exception failure;

    RawEvents(Transactions transactions) {
        this.transactions = transactions;
    }

    /** A connection is about to be made; the events before a place in its first file are left out. */
    void connect(long skipUntil) {
        this.skippedUntil = skipUntil;
        this.checksumBytes = 0;
        this.failure = null;
    }

    /** Why an event could not be taken, where that is what ended the connection. */
    @Nullable
    Exception failure() {
        return failure;
    }

    @Override
    @SuppressWarnings("deprecation") // The connection calls it, before the first event.
    public void setChecksumType(ChecksumType type) {
        checksumBytes = type.getLength();
    }

    @Override
    public Event nextEvent(ByteArrayInputStream in) throws IOException {
        try {
            in.fill(head, 0, HEAD_BYTES);
            Head event = Head.of(head);
            int bodyBytes = event.bytes() - HEAD_BYTES;
            int trailer = event.type() == EventType.FORMAT_DESCRIPTION ? 0 : checksumBytes;
            byte[] body = bodyBytes > BUFFER_BYTES ? new byte[bodyBytes] : buffer;
            in.fill(body, 0, bodyBytes);
            pass(event, new Bytes(body, 0, bodyBytes - trailer));
            return PASSED;
        } catch (EOFException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // Any other exception would make the connection go on behind the event.
            failure = e;
            EOFException end = new EOFException("the reader has stopped");
            end.initCause(e);
            throw end;
        }
    }

    private void pass(Head event, Bytes body) throws IOException {
        if (event.type() == EventType.ROTATE) {
            long offset = body.little(8);
            transactions.place().rotate(body.text(body.left()), offset);
            return;
        }
        if ((event.flags() & IS_ARTIFICIAL) == 0 && event.type() != EventType.HEARTBEAT_V2) {
            transactions.place().pass(event.type() == EventType.HEARTBEAT ? 0 : event.bytes(), event.end());
        }
        if (event.type() == EventType.FORMAT_DESCRIPTION) {
            formatDescription(body);
        } else if (transactions.place().offset() > skippedUntil) {
            skippedUntil = 0;
            if (event.type() == EventType.TRANSACTION_PAYLOAD) {
                payload(body);
            } else {
                take(event, body);
            }
        }
    }

    /** Its last 5 bytes are the kind of checksums from now on, and its own. */
    private void formatDescription(Bytes body) {
        body.skip(body.left() - 1 - CHECKSUM_BYTES);
        checksumBytes = body.u8() == 0 ? 0 : CHECKSUM_BYTES;
        transactions.forgetTables();
    }

    private void take(Head event, Bytes body) throws IOException {
        switch (event.type()) {
            case EventType.START_V3,
                    EventType.INTVAR,
                    EventType.RAND,
                    EventType.USER_VAR,
                    EventType.BEGIN_LOAD_QUERY,
                    EventType.IGNORABLE,
                    EventType.ROWS_QUERY,
                    EventType.ANONYMOUS_GTID,
                    EventType.TRANSACTION_CONTEXT,
                    EventType.VIEW_CHANGE,
                    EventType.MARIADB_ANNOTATE_ROWS,
                    EventType.MARIADB_START_ENCRYPTION -> {}
            case EventType.STOP,
                    EventType.HEARTBEAT,
                    EventType.HEARTBEAT_V2,
                    EventType.PREVIOUS_GTIDS,
                    EventType.MARIADB_CHECKPOINT,
                    EventType.MARIADB_GTID_LIST -> transactions.between(event.seconds());
            case EventType.INCIDENT ->
                throw new Unreadable("an incident: the server has lost events", "begin again with a fresh copy");
            case EventType.QUERY,
                    EventType.EXECUTE_LOAD_QUERY,
                    EventType.XID,
                    EventType.TABLE_MAP,
                    EventType.WRITE_ROWS_V1,
                    EventType.UPDATE_ROWS_V1,
                    EventType.DELETE_ROWS_V1,
                    EventType.WRITE_ROWS,
                    EventType.UPDATE_ROWS,
                    EventType.DELETE_ROWS,
                    EventType.GTID,
                    EventType.XA_PREPARE,
                    EventType.PARTIAL_UPDATE_ROWS,
                    EventType.GTID_TAGGED,
                    EventType.MARIADB_GTID -> transactions.on(event.type(), event.seconds(), event.server(), body);
            default -> unknown(event);
        }
    }

    private static void unknown(Head event) {
        if (event.type() >= EventType.MARIADB_COMPRESSED_MIN && event.type() <= EventType.MARIADB_COMPRESSED_MAX) {
            throw new Unreadable("a compressed event", "set log_bin_compress to OFF and begin again");
        }
        if ((event.flags() & IS_IGNORABLE) == 0) {
            throw new Unreadable(
                    "an event of the unknown type " + event.type(), "ask for support of this version of the server");
        }
    }

    /** A compressed transaction. It is unpacked event by event, however large it is. */
    private void payload(Bytes body) throws IOException {
        boolean isPacked = true;
        for (int field = body.u8(); field != 0; field = body.u8()) {
            Bytes value = body.slice((int) body.packed());
            if (field == 2) {
                isPacked = value.packed() == 0;
            }
        }
        byte[] packed = body.take(body.left());
        InputStream bytes = new java.io.ByteArrayInputStream(packed);
        try (InputStream in = isPacked ? new ZstdInputStream(bytes) : bytes) {
            byte[] innerHead = new byte[HEAD_BYTES];
            for (int read; (read = in.readNBytes(innerHead, 0, HEAD_BYTES)) > 0; ) {
                Head event = Head.of(innerHead);
                int bodyBytes = event.bytes() - HEAD_BYTES;
                byte[] inner = bodyBytes > BUFFER_BYTES ? new byte[bodyBytes] : innerBuffer;
                if (read < HEAD_BYTES || in.readNBytes(inner, 0, bodyBytes) < bodyBytes) {
                    throw new Unreadable("a compressed transaction that ends too early", "begin again");
                }
                take(event, new Bytes(inner, 0, bodyBytes));
            }
        }
    }

    private static Event passed() {
        EventHeaderV4 header = new EventHeaderV4();
        header.setEventType(com.github.shyiko.mysql.binlog.event.EventType.IGNORABLE);
        return new Event(header, null);
    }

    /** What stands before an event's body. */
    private record Head(long seconds, int type, long server, int bytes, long end, int flags) {
        static Head of(byte[] bytes) {
            Bytes in = new Bytes(bytes, 0, HEAD_BYTES);
            return new Head(in.little(4), in.u8(), in.little(4), (int) in.little(4), in.little(4), (int) in.little(2));
        }
    }
}

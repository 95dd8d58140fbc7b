package io.crossfade.migrator.stream;

import com.github.luben.zstd.ZstdOutputStream;
import io.crossfade.migrator.row.Bytes;
import io.crossfade.testkit.TestServer;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A way to a server on which the transactions of its change log come compressed, as MySQL from 8.0.20 on sends them: the events from
 * BEGIN to XID, without their checksums, in one TRANSACTION_PAYLOAD event. For servers that are older. Small transactions pass as they
 * are, as those of other sessions do.
 *
 * <p>Safe for many threads.
 */
public final class PackedLog implements AutoCloseable {
    private static final int HEAD_BYTES = 19;
    private static final int CHECKSUM_BYTES = 4;
    private static final int PACKED_BYTES_MIN = 1024;
    private static final int COM_BINLOG_DUMP = 0x12;
    private static final int COM_BINLOG_DUMP_GTID = 0x1e;

    private final TestServer server;
    private final ServerSocket door;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger packed = new AtomicInteger();

    private PackedLog(TestServer server, ServerSocket door) {
        this.server = server;
        this.door = door;
    }

    /** The server has to have binlog_checksum=CRC32, the default. */
    public static PackedLog of(TestServer server) throws IOException {
        PackedLog log = new PackedLog(server, new ServerSocket(0, 10, InetAddress.getLoopbackAddress()));
        start("packed-log", log::accept);
        return log;
    }

    public int port() {
        return door.getLocalPort();
    }

    /** How many transactions were packed. */
    public int packed() {
        return packed.get();
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void start(String name, Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (EOFException | SocketException end) {
                        // One of the two sides has hung up.
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() throws IOException {
        while (!door.isClosed()) {
            Socket near = door.accept();
            Socket far = new Socket(server.host(), server.port());
            sockets.add(near);
            sockets.add(far);
            Way way = new Way(near, far);
            start("packed-log-up", way::up);
            start("packed-log-down", way::down);
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    /** One connection. */
    private final class Way {
        private final Socket near;
        private final Socket far;
        private volatile boolean isLog;
        private @Nullable ByteArrayOutputStream open;
        private final ByteArrayOutputStream asTheyAre = new ByteArrayOutputStream();

        private Way(Socket near, Socket far) {
            this.near = near;
            this.far = far;
        }

        private void up() throws IOException {
            try (InputStream in = near.getInputStream();
                    OutputStream out = far.getOutputStream()) {
                while (true) {
                    byte[] packet = packet(new DataInputStream(in));
                    int command = packet.length > 4 && packet[3] == 0 ? packet[4] : 0;
                    isLog |= command == COM_BINLOG_DUMP || command == COM_BINLOG_DUMP_GTID;
                    out.write(packet);
                    out.flush();
                }
            }
        }

        private void down() throws IOException {
            try (InputStream in = far.getInputStream();
                    OutputStream out = near.getOutputStream()) {
                DataInputStream packets = new DataInputStream(in);
                while (true) {
                    byte[] packet = packet(packets);
                    if (isLog && packet.length > 4 + HEAD_BYTES && packet[4] == 0) {
                        event(packet, out);
                    } else {
                        out.write(packet);
                    }
                    out.flush();
                }
            }
        }

        private void event(byte[] packet, OutputStream out) throws IOException {
            byte[] event = Arrays.copyOfRange(packet, 5, packet.length);
            int type = event[4] & 0xff;
            boolean isBegin = type == EventType.QUERY
                    && new String(event, StandardCharsets.ISO_8859_1)
                            .substring(0, event.length - CHECKSUM_BYTES)
                            .endsWith("\0BEGIN");
            if (isBegin) {
                open = new ByteArrayOutputStream();
            }
            ByteArrayOutputStream transaction = open;
            if (transaction == null) {
                out.write(packet);
                return;
            }
            asTheyAre.write(packet);
            put(event, 9, event.length - CHECKSUM_BYTES);
            transaction.write(event, 0, event.length - CHECKSUM_BYTES);
            if (type == EventType.XID) {
                if (transaction.size() < PACKED_BYTES_MIN) {
                    asTheyAre.writeTo(out);
                } else {
                    out.write(payload(event, transaction.toByteArray()));
                    packed.incrementAndGet();
                }
                asTheyAre.reset();
                open = null;
            }
        }

        /** The head is the last event's, with another type and length. */
        private byte[] payload(byte[] last, byte[] events) throws IOException {
            ByteArrayOutputStream small = new ByteArrayOutputStream();
            try (OutputStream zstd = new ZstdOutputStream(small)) {
                zstd.write(events);
            }
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            // Compression type, zstd; size of the events; size of the payload. Numbers of four bytes begin with 0xfe in
            // eight.
            body.write(new byte[] {2, 1, 0});
            field(body, 3, events.length);
            field(body, 1, small.size());
            body.write(0);
            small.writeTo(body);
            body.write(new byte[CHECKSUM_BYTES]);
            byte[] event = Arrays.copyOf(last, HEAD_BYTES + body.size());
            System.arraycopy(body.toByteArray(), 0, event, HEAD_BYTES, body.size());
            event[4] = (byte) EventType.TRANSACTION_PAYLOAD;
            put(event, 9, event.length);
            byte[] packet = new byte[5 + event.length];
            put(packet, 0, event.length + 1);
            packet[3] = 0;
            packet[4] = 0;
            System.arraycopy(event, 0, packet, 5, event.length);
            return packet;
        }
    }

    private static void field(ByteArrayOutputStream body, int number, long value) {
        body.write(number);
        body.write(9);
        body.write(0xfe);
        for (int i = 0; i < 8; i++) {
            body.write((int) (value >>> 8 * i));
        }
    }

    private static void put(byte[] into, int at, int number) {
        for (int i = 0; i < 4 && at + i < into.length; i++) {
            into[at + i] = (byte) (number >>> 8 * i);
        }
    }

    /** With its head of four bytes: the length in three, and the number of the packet. */
    private static byte[] packet(DataInputStream in) throws IOException {
        byte[] head = new byte[4];
        in.readFully(head);
        int length = (int) new Bytes(head, 0, 3).little(3);
        byte[] packet = Arrays.copyOf(head, 4 + length);
        in.readFully(packet, 4, length);
        return packet;
    }
}

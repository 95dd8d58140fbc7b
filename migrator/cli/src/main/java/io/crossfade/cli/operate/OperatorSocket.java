package io.crossfade.cli.operate;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * Takes commands: one line in, the answer out, and the connection is closed. {@code echo status | nc -U FILE}
 *
 * <p>A file's permissions are the owner's alone from its first moment on; a TCP port is on the loopback address alone. One
 * daemon thread waits at each, one serves each visitor.
 *
 * <p>Safe for many threads.
 */
public final class OperatorSocket implements AutoCloseable {

    /** A visitor that says nothing by then is sent away. */
    private static final long VISIT_SECONDS_MAX = 10;

    private static final int VISITORS_MAX = 8;

    private static final int LINE_BYTES_MAX = 64 * 1024;

    private final UnaryOperator<String> commands;
    private final List<ServerSocketChannel> doors = new ArrayList<>();
    private final List<Path> files = new ArrayList<>();
    private final Semaphore visitors = new Semaphore(VISITORS_MAX);
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(r -> {
        Thread thread = new Thread(r, "crossfade-socket-clock");
        thread.setDaemon(true);
        return thread;
    });

    public OperatorSocket(UnaryOperator<String> commands) {
        this.commands = commands;
    }

    /**
     * Listens at a file. One that a killed run left is removed; one that somebody listens at is not, unless so asked.
     *
     * @param removesFirst remove what is there
     */
    public void listen(Path file, boolean removesFirst) throws IOException {
        if (Files.exists(file)) {
            if (!removesFirst && isAlive(file)) {
                throw new IOException(
                        "somebody listens at it already, perhaps another run at work on this table, and only"
                                + " --initially-drop-socket-file takes it away");
            }
            Files.delete(file);
        }
        // Bound inside a folder that nobody else can enter, made private, and only then moved to where it is looked
        // for.
        Path folder = Files.createTempDirectory(
                file.toAbsolutePath().getParent(),
                ".cf",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path bound = folder.resolve("s");
        try {
            ServerSocketChannel door = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            doors.add(door);
            door.bind(UnixDomainSocketAddress.of(bound));
            Files.setPosixFilePermissions(bound, PosixFilePermissions.fromString("rw-------"));
            Files.move(bound, file);
            files.add(file);
            accept(door, "crossfade-socket-file");
        } finally {
            Files.deleteIfExists(bound);
            Files.delete(folder);
        }
    }

    /** Listens at a port of the loopback address; gives the port. */
    public int listen(int port) throws IOException {
        ServerSocketChannel door = ServerSocketChannel.open();
        doors.add(door);
        door.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        accept(door, "crossfade-socket-port");
        return door.socket().getLocalPort();
    }

    private static boolean isAlive(Path file) throws IOException {
        try (SocketChannel visitor = SocketChannel.open(UnixDomainSocketAddress.of(file))) {
            return visitor.isConnected();
        } catch (ConnectException refused) {
            return false;
        }
    }

    private void accept(ServerSocketChannel door, String name) {
        start(name, () -> {
            while (door.isOpen()) {
                try {
                    SocketChannel visitor = door.accept();
                    if (visitors.tryAcquire()) {
                        start(name + "-visitor", () -> serve(visitor));
                    } else {
                        visitor.close();
                    }
                } catch (IOException e) {
                    return; // The door was closed.
                }
            }
        });
    }

    private static void start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void serve(SocketChannel visitor) {
        ScheduledFuture<?> end = clock.schedule(() -> close(visitor), VISIT_SECONDS_MAX, TimeUnit.SECONDS);
        try (visitor) {
            String answer = commands.apply(line(visitor)).stripTrailing();
            ByteBuffer bytes = ByteBuffer.wrap((answer + "\n").getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                visitor.write(bytes);
            }
        } catch (IOException e) {
            return; // The visitor left.
        } finally {
            end.cancel(false);
            visitors.release();
        }
    }

    private static String line(SocketChannel visitor) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(LINE_BYTES_MAX);
        while (bytes.hasRemaining() && visitor.read(bytes) >= 0) {
            int length = newline(bytes);
            if (length >= 0) {
                return new String(bytes.array(), 0, length, StandardCharsets.UTF_8);
            }
        }
        return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
    }

    private static int newline(ByteBuffer bytes) {
        for (int i = 0; i < bytes.position(); i++) {
            if (bytes.get(i) == '\n') {
                return i;
            }
        }
        return -1;
    }

    private static void close(SocketChannel visitor) {
        try {
            visitor.close();
        } catch (IOException e) {
            return; // It is gone.
        }
    }

    /** Stops listening and removes the file. */
    @Override
    public void close() throws IOException {
        clock.shutdownNow();
        for (ServerSocketChannel door : doors) {
            door.close();
        }
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
    }
}

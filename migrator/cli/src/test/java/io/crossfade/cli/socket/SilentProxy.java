package io.crossfade.cli.socket;

import io.crossfade.testkit.TestServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands between a client and a server, and swallows what they say from some moment on; nobody's connection is closed. Safe for many threads. */
public final class SilentProxy implements AutoCloseable {
    private final TestServer server;
    private final ServerSocket door;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile boolean isSilent;
    private volatile int swallowed = -1;

    public SilentProxy(TestServer server) throws IOException {
        this.server = server;
        this.door = new ServerSocket(0, 10, InetAddress.getByName("127.0.0.1"));
        start(this::accept);
    }

    public int port() {
        return door.getLocalPort();
    }

    /** How many came. */
    public int connections() {
        return connections.get();
    }

    /** From now on nothing comes through, and nobody new; what is sent is not even taken. */
    public void fallSilent() throws IOException {
        isSilent = true;
        door.close();
    }

    /** Nothing of this one comes through once its session is open, counted from 0; the others go on. */
    void swallowAfter(int number) {
        swallowed = number;
    }

    private void accept() {
        try {
            while (true) {
                Socket client = door.accept();
                Socket there = new Socket(server.host(), server.port());
                sockets.addAll(List.of(client, there));
                int number = connections.getAndIncrement();
                start(() -> pump(number, client, there));
                start(() -> pump(number, there, client));
            }
        } catch (IOException e) {
            return;
        }
    }

    private void pump(int number, Socket from, Socket to) {
        byte[] buffer = new byte[8192];
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            // A one-byte body of COM_PING, which is what the watch asks.
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                boolean isPing = n == 5 && buffer[4] == 0x0e;
                if (isSilent) {
                    closed.await();
                } else if (!(isPing && number == swallowed)) {
                    out.write(buffer, 0, n);
                }
            }
        } catch (IOException | InterruptedException e) {
            return;
        }
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "silent-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            door.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.crossfade.jdbc;

import java.net.InetAddress;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Who this client is, as the status shows it. Immutable.
 *
 * @param id made anew for every link
 * @param host the machine's name
 * @param pid the process id
 * @param version the driver's version
 */
record ClientIdentity(UUID id, String host, long pid, String version) {

    /** A machine whose own name does not resolve can keep the look-up waiting for many seconds. Judged, not measured. */
    private static final long HOST_MILLIS_MAX = 500;

    static ClientIdentity create() {
        String version = ClientIdentity.class.getPackage().getImplementationVersion();
        return new ClientIdentity(
                UUID.randomUUID(), Host.NAME, ProcessHandle.current().pid(), version == null ? "unknown" : version);
    }

    /** The id as text. */
    String text() {
        return id.toString();
    }

    /** Looked up once in the JVM, at the first use. */
    private static final class Host {
        private static final String NAME = find();

        private static String find() {
            CompletableFuture<String> name = new CompletableFuture<>();
            Thread thread = new Thread(
                    () -> {
                        try {
                            name.complete(InetAddress.getLocalHost().getHostName());
                        } catch (Exception e) {
                            name.completeExceptionally(e);
                        }
                    },
                    "crossfade-host-name");
            thread.setDaemon(true);
            thread.start();
            try {
                return name.get(HOST_MILLIS_MAX, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (ExecutionException | TimeoutException e) {
                // The environment may know.
            }
            String host = System.getenv("HOSTNAME");
            return host == null || host.isEmpty() ? "unknown" : host;
        }
    }
}

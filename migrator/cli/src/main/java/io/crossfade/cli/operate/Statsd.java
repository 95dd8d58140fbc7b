package io.crossfade.cli.operate;

import io.crossfade.migrator.alter.Status;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Sends the status as gauges, by UDP in the lines of StatsD with Datadog's tags: {@code crossfade.alter.rows_copied:500|g|#env:prod}.
 * Nobody is waited for, and nothing is told where nobody listens. Confined to the status thread.
 */
public final class Statsd implements AutoCloseable {
    private final DatagramChannel channel;
    private final String suffix;

    /**
     * @param address as {@code host:port}
     * @param tags as {@code env:prod,team:shop}
     */
    public Statsd(String address, String tags) throws IOException {
        int colon = address.lastIndexOf(':');
        if (colon < 1 || !address.substring(colon + 1).matches("[0-9]{1,5}")) {
            throw new IllegalArgumentException("cannot read --statsd-addr: \"" + address
                    + "\" is no host with a port; write it as 127.0.0.1:8125");
        }
        channel = DatagramChannel.open();
        channel.configureBlocking(false);
        channel.connect(
                new InetSocketAddress(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1))));
        suffix = "|g" + (tags.isBlank() ? "" : "|#" + tags.strip());
    }

    /** Sends one datagram. */
    public void send(Status s, long replicaLagMillis) {
        StringBuilder lines = new StringBuilder();
        gauge(lines, "rows_copied", s.rowsCopied());
        gauge(lines, "rows_total", s.rowsTotal());
        gauge(lines, "rows_applied", s.rowsApplied());
        gauge(lines, "rows_checked", s.rowsChecked());
        gauge(lines, "backlog", s.backlog());
        gauge(lines, "lag_millis", s.lagMillis());
        gauge(lines, "replica_lag_millis", replicaLagMillis);
        gauge(lines, "throttled", s.throttledBy().isEmpty() ? 0 : 1);
        gauge(
                lines,
                "heap_bytes",
                Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
        try {
            channel.write(ByteBuffer.wrap(lines.toString().getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            return; // Nobody listens just now.
        }
    }

    private void gauge(StringBuilder lines, String name, long value) {
        lines.append(String.format(Locale.ROOT, "crossfade.alter.%s:%d%s%n", name, value, suffix));
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}

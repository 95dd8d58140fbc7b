package io.crossfade.migrator.stream;

import com.github.shyiko.mysql.binlog.network.AuthenticationException;
import com.github.shyiko.mysql.binlog.network.ServerException;
import io.crossfade.migrator.mysql.Server;
import io.crossfade.migrator.signal.Cancel;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.model.Table;
import io.crossfade.model.TableName;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The change log of a MySQL or MariaDB server, followed as a replica follows it. Where the position has GTIDs they are used, so
 * another server of the same history will do; else file and offset.
 *
 * <p>A lost connection is made again from the end of the last whole transaction.
 */
public final class BinlogChangeLog implements ChangeLog {

    /** Enough to keep the applier busy over a pause of the network: judged, not measured. */
    private static final int EVENTS_MAX = 10_000;

    private static final long BYTES_MAX = 32L << 20;

    /** Rows of prepared XA transactions that may wait for their commit. */
    private static final long PREPARED_BYTES_MAX = 16L << 20;

    /** With the pauses between them about two minutes: a server's restart, or its crash recovery where that is short. */
    private static final int ATTEMPTS_MAX = 30;

    private static final Duration PAUSE_MIN = Duration.ofMillis(50);
    private static final Duration PAUSE_MAX = Duration.ofSeconds(5);

    /** The first connection, and the end of the reader's thread. */
    private static final Duration START_BOUND = Duration.ofSeconds(30);

    private static final Duration STOP_BOUND = Duration.ofSeconds(10);

    /** A request for a place can say no more than 32 bits. */
    private static final long OFFSET_MAX = 0xffff_ffffL;

    private static final long FILE_START = 4;

    /** The log cannot be had from there, or not by this user: another attempt would end alike. */
    private static final Set<Integer> FINAL_ERRORS = Set.of(1044, 1045, 1130, 1227, 1236, 1373, 3159);

    /** What a server answers that wants TLS, from everybody or from this user. */
    private static final Set<Integer> TLS_WANTED = Set.of(1045, 1251, 3159);

    private final Endpoint endpoint;
    private final Cancel cancel;
    private final EventQueue queue;
    private final Transactions transactions;
    private final RawEvents events;
    private final UUID readerId = UUID.randomUUID();
    private final Thread reader;
    private Endpoint.Tls tls;
    private volatile @Nullable LogConnection connection;

    /** Why the last connection ended. */
    private volatile String trouble = "the server has not answered";

    private BinlogChangeLog(
            Endpoint endpoint,
            LogPosition from,
            Map<TableName, Table> watched,
            Server server,
            Cancel cancel,
            EventQueue queue) {
        this.endpoint = endpoint;
        this.tls = endpoint.isPlainEnough() ? Endpoint.Tls.OFF : endpoint.tls();
        this.cancel = cancel;
        this.queue = queue;
        Watched tables = new Watched(server, watched.values());
        this.transactions =
                new Transactions(from, tables, new Queries(server, tables.names()), queue, PREPARED_BYTES_MAX);
        this.events = new RawEvents(transactions);
        this.reader = new Thread(this::read, "crossfade-change-log");
        reader.setDaemon(true);
    }

    /**
     * Begins to read; comes back when the server has been asked for its log.
     *
     * @param watched the tables whose changes are wanted, with their columns as the catalog has them
     * @throws MigrationException where the server does not give its log
     */
    public static BinlogChangeLog open(
            Endpoint endpoint, LogPosition from, Map<TableName, Table> watched, Server server, Cancel cancel) {
        return open(endpoint, from, watched, server, cancel, EVENTS_MAX, BYTES_MAX);
    }

    static BinlogChangeLog open(
            Endpoint endpoint,
            LogPosition from,
            Map<TableName, Table> watched,
            Server server,
            Cancel cancel,
            int eventsMax,
            long bytesMax) {
        BinlogChangeLog log =
                new BinlogChangeLog(endpoint, from, watched, server, cancel, new EventQueue(eventsMax, bytesMax));
        log.reader.start();
        try {
            if (!log.queue.awaitReading(START_BOUND)) {
                throw MigrationException.stopped(log.message(
                        log.trouble + ", again and again for " + START_BOUND.toSeconds() + " s",
                        "see whether the server can be reached from here, then run the same command again"));
            }
            return log;
        } catch (RuntimeException e) {
            log.close();
            throw e;
        }
    }

    @Override
    public @Nullable LogEvent next(Duration atMost) {
        return queue.take(atMost);
    }

    @Override
    public int backlog() {
        return queue.size();
    }

    @Override
    public int backlogMax() {
        return queue.eventsMax();
    }

    @Override
    public void close() {
        queue.close();
        try {
            LogConnection open = connection;
            if (open != null) {
                open.cut();
            }
            reader.join(STOP_BOUND.toMillis());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("cannot close the connection to " + endpoint, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void read() {
        try {
            Duration pause = PAUSE_MIN;
            int attempts = 0;
            while (!queue.isClosed()) {
                LogPosition from = transactions.boundary();
                String reason = readFrom(from);
                trouble = reason;
                if (queue.isClosed()) {
                    return;
                }
                if (!from.equals(transactions.boundary())) {
                    attempts = 0;
                    pause = PAUSE_MIN;
                }
                if (events.failure() instanceof Transactions.RereadException) {
                    transactions.rewind(reason);
                    continue;
                }
                if (++attempts > ATTEMPTS_MAX) {
                    throw MigrationException.stopped(message(
                            reason + ", " + ATTEMPTS_MAX + " times in a row",
                            "all that was done is saved; run the same command again when the server is back"));
                }
                queue.pause(pause);
                cancel.check();
                pause = pause.multipliedBy(2).compareTo(PAUSE_MAX) > 0 ? PAUSE_MAX : pause.multipliedBy(2);
                transactions.rewind(reason);
            }
        } catch (MigrationException e) {
            queue.fail(e);
        } catch (IOException | RuntimeException e) {
            queue.fail(MigrationException.failed(message(String.valueOf(e.getMessage()), "see the cause"), e));
        }
    }

    /** Reads until the connection ends, and says why it ended; throws where another one would be of no use. */
    private String readFrom(LogPosition from) throws IOException {
        boolean byGtids = !from.gtids().isEmpty();
        boolean isFar = !byGtids && from.offset() > OFFSET_MAX;
        events.connect(isFar ? from.offset() : 0);
        LogConnection next = new LogConnection(endpoint, tls, events, readerId, queue::reading);
        connection = next;
        if (byGtids) {
            next.setBinlogFilename("");
            next.setGtidSet(from.gtids());
        } else {
            next.setBinlogFilename(from.file());
            next.setBinlogPosition(isFar ? FILE_START : from.offset());
        }
        Exception end;
        try {
            if (queue.isClosed()) {
                return "closed";
            }
            next.connect();
            end = next.end();
        } catch (IOException e) {
            end = e;
        } finally {
            next.cut();
        }
        Exception failure = events.failure();
        if (tls != endpoint.tls() && wantsTls(end)) {
            tls = endpoint.tls();
            return readFrom(from);
        }
        requireHope(failure, end);
        end = failure != null ? failure : end;
        return end == null ? "the server has ended the connection" : String.valueOf(end.getMessage());
    }

    private static boolean wantsTls(@Nullable Exception end) {
        return end instanceof AuthenticationException
                || end instanceof ServerException error && TLS_WANTED.contains(error.getErrorCode());
    }

    private void requireHope(@Nullable Exception failure, @Nullable Exception end) {
        if (failure instanceof RuntimeException) {
            boolean isPlain = failure instanceof Unreadable;
            String seen = isPlain ? String.valueOf(failure.getMessage()) : "an event cannot be read: " + failure;
            throw MigrationException.failed(isPlain ? message(seen) : message(seen, "begin again"), failure);
        }
        if (end instanceof AuthenticationException) {
            throw MigrationException.refused(message(String.valueOf(end.getMessage()), "check user and password"));
        }
        if (end instanceof SSLException && isUntrusted(end)) {
            throw MigrationException.refused(message(
                    "the server's certificate is not trusted: " + end.getMessage(),
                    "give its authority by --ssl-ca, and the host by a name that stands in the certificate; or say"
                            + " --ssl-allow-insecure, and the certificate is not looked at"));
        }
        if (end instanceof ServerException error && FINAL_ERRORS.contains(error.getErrorCode())) {
            throw MigrationException.failed(
                    message(
                            "the server says \"" + error.getMessage() + "\" (" + error.getErrorCode() + ")",
                            "where the log is gone, begin again with a fresh copy; where the right to read it is missing,"
                                    + " grant REPLICATION SLAVE"),
                    error);
        }
    }

    /** Else the connection broke off in the middle of the handshake, and the next one may not. */
    private static boolean isUntrusted(Throwable end) {
        Throwable cause = end;
        while (cause != null && !(cause instanceof CertificateException)) {
            cause = cause.getCause();
        }
        return cause != null;
    }

    private String message(String seen, String todo) {
        return message(seen + "; " + todo);
    }

    private String message(String seenAndTodo) {
        return "cannot read the change log of " + endpoint + " from "
                + transactions.boundary().shown() + "; " + seenAndTodo;
    }
}

package io.crossfade.cli.socket;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Opens a session within a bound of time, whatever becomes of the host meanwhile. {@code connectTimeout} ends with the connection's
 * first packets; a host that falls silent after these, in the greeting, in TLS or in the driver's first questions, is not noticed by the
 * driver until the operating system gives up, a quarter of an hour.
 */
public final class BoundedLogin {

    /** A server that has far too much to do takes seconds. */
    private static final Duration LOGIN_MAX = Duration.ofSeconds(30);

    private static final String NO_CONNECTION = "08001";

    private BoundedLogin() {}

    /** Opens a session within half a minute. */
    public static Connection open(HostWatch.Source source) throws SQLException {
        return open(source, LOGIN_MAX);
    }

    static Connection open(HostWatch.Source source, Duration max) throws SQLException {
        CompletableFuture<Connection> login = new CompletableFuture<>();
        Thread thread = new Thread(() -> complete(login, source), "crossfade-login");
        thread.setDaemon(true);
        thread.start();
        try {
            return login.get(max.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SQLException seen) {
                throw seen;
            }
            throw e.getCause() instanceof RuntimeException seen ? seen : new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            if (login.cancel(false)) {
                throw new SQLTimeoutException("no login within " + max.toSeconds() + " s", NO_CONNECTION);
            }
            return login.getNow(null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            login.cancel(false);
            throw new SQLException("interrupted in a login", NO_CONNECTION, e);
        }
    }

    private static void complete(CompletableFuture<Connection> login, HostWatch.Source source) {
        try {
            Connection opened = source.open();
            if (!login.complete(opened)) {
                opened.abort(Runnable::run);
            }
        } catch (SQLException | RuntimeException e) {
            login.completeExceptionally(e);
        }
    }
}

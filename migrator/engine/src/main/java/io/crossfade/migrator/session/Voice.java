package io.crossfade.migrator.session;

import io.crossfade.migrator.signal.Cancel;
import io.crossfade.migrator.signal.MigrationException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * Speaks on a session that holds a lock for its run, also while the run has nothing to say there. So the server may end a session that is
 * silent for half a minute: its host is gone, and what it holds is free for the next run. A statement under way is no silence.
 *
 * <p>The session is the run's own all the while; a word waits, as drivers do, for the statement that is under way there, and changes nothing for
 * the one that comes after it.
 */
public final class Voice implements AutoCloseable {
    private final Connection connection;
    private final Runnable lost;
    private final Cancel end = new Cancel();

    private Voice(Connection connection, Runnable lost) {
        this.connection = connection;
        this.lost = lost;
    }

    /**
     * Bounds the session's silence, and speaks from now on.
     *
     * @param lost what is done, from the voice's own thread, where the session is lost, and with it perhaps what it holds
     */
    public static Voice on(Connection connection, Duration silenceMax, Runnable lost) throws SQLException {
        try (Statement s = connection.createStatement()) {
            s.execute("SET SESSION wait_timeout = " + silenceMax.toSeconds());
        }
        Voice voice = new Voice(connection, lost);
        Thread thread = new Thread(() -> voice.speak(Presence.every(silenceMax)), "crossfade-voice");
        thread.setDaemon(true);
        thread.start();
        return voice;
    }

    private void speak(Duration every) {
        try {
            while (isThere()) {
                end.pause(every);
            }
            if (!end.isRequested()) {
                lost.run();
            }
        } catch (MigrationException e) {
            // Closed.
            return;
        }
    }

    /** Whatever else than a loss goes wrong, such as a word that an operator has ended, is no silence. */
    private boolean isThere() {
        try (Statement s = connection.createStatement()) {
            s.execute("DO 0");
            return true;
        } catch (SQLException e) {
            return !SqlFailure.isLostConnection(e) && !isClosed();
        }
    }

    private boolean isClosed() {
        try {
            return connection.isClosed();
        } catch (SQLException e) {
            return true;
        }
    }

    /** Falls silent; the session stays as it is. */
    @Override
    public void close() {
        end.request();
    }
}

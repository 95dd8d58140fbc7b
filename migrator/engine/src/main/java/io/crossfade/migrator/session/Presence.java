package io.crossfade.migrator.session;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * A word now and then on a session that may have nothing to say for long: the server would take its host for gone and end it.
 *
 * <p>One thread at a time.
 */
public final class Presence {
    private final Duration every;
    private long spokenNanos = System.nanoTime();

    /**
     * @param silenceMax how long the server waits for the session's next word
     */
    public Presence(Duration silenceMax) {
        this.every = every(silenceMax);
    }

    /** How often a word is due, so that one may come late. */
    public static Duration every(Duration silenceMax) {
        return silenceMax.dividedBy(3);
    }

    public boolean isDue() {
        return System.nanoTime() - spokenNanos > every.toNanos();
    }

    /** Says it where it is due. */
    public void on(Connection connection) throws SQLException {
        if (isDue()) {
            speak(connection);
        }
    }

    /** The same, on a new session where the old one was lost. */
    public void on(Lane lane) throws SQLException {
        if (isDue()) {
            lane.run((c, isAgain) -> {
                speak(c);
                return c;
            });
        }
    }

    private void speak(Connection connection) throws SQLException {
        try (Statement s = connection.createStatement()) {
            s.execute("DO 0");
        }
        spokenNanos = System.nanoTime();
    }
}

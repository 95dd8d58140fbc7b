package io.crossfade.migrator.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** An application that upserts one taken key again and again, some hundred times a second, until it is closed. Safe for many threads. */
final class TakenKeys implements AutoCloseable {
    private static final Duration WAIT_MAX = Duration.ofSeconds(60);

    /** A pace, not a wait for anything: a rebuild takes a hundred times as long. */
    private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final TestDatabase database;
    private final String into;
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicLong done = new AtomicLong();
    private volatile @Nullable Exception failure;
    private final Thread thread = new Thread(this::upsert, "application");

    private TakenKeys(TestDatabase database, String into) {
        this.database = database;
        this.into = into;
    }

    /**
     * Starts it, and waits for its first statement.
     *
     * @param into the table and its two columns, the unique one first
     */
    static TakenKeys start(TestDatabase database, String into) {
        TakenKeys keys = new TakenKeys(database, into);
        keys.thread.start();
        keys.awaitMore();
        return keys;
    }

    private void upsert() {
        try (Connection connection = database.connect();
                Statement s = connection.createStatement()) {
            for (int i = 0; !over.get(); i++) {
                s.executeUpdate("INSERT INTO " + into + " VALUES ('" + (i % 3 == 0 ? "new-" + i : "a")
                        + "', 'x') ON DUPLICATE KEY UPDATE n = n + 1");
                done.incrementAndGet();
                LockSupport.parkNanos(REST_NANOS);
            }
        } catch (Exception e) {
            failure = e;
        }
    }

    void awaitMore() {
        long before = done.get();
        Awaitility.await().atMost(WAIT_MAX).until(() -> failure != null || done.get() > before);
        assertThat(failure).isNull();
    }

    @Override
    public void close() throws InterruptedException {
        over.set(true);
        thread.join();
        assertThat(failure).isNull();
    }
}

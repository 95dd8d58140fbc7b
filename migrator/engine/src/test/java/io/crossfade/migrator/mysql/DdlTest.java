package io.crossfade.migrator.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.migrator.signal.Cancel;
import io.crossfade.migrator.signal.Progress;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

class DdlTest {

    private static final int COLUMNS = 4;

    /** Inserts that find their unique key taken, while the table is rebuilt: MySQL undoes the rebuild with error 1062. They ease off once it did. */
    @ServerTest
    void upsertsOfTakenKeysDoNotEndARebuild(TestDatabase database) throws Exception {
        database.execute(
                "CREATE TABLE t (id BIGINT PRIMARY KEY AUTO_INCREMENT, handle VARCHAR(40) NOT NULL, n INT NOT NULL DEFAULT 0,"
                        + " c1 INT, c2 INT, c3 INT, c4 INT, UNIQUE KEY by_handle (handle))",
                "INSERT INTO t (handle) VALUES ('a'), ('b'), ('c'), ('d')");
        for (int i = 0; i < 12; i++) {
            database.execute("INSERT INTO t (handle) SELECT CONCAT(handle, '-', " + i + ") FROM t");
        }
        AtomicBoolean over = new AtomicBoolean();
        AtomicBoolean eased = new AtomicBoolean();
        CountDownLatch first = new CountDownLatch(1);
        Thread application = new Thread(() -> upsert(database, over, eased, first), "application");
        application.start();
        first.await();
        try (Connection connection = database.connect()) {
            Ddl ddl = new Ddl(
                    connection,
                    new Cancel(),
                    progress -> eased.compareAndSet(false, progress instanceof Progress.Note));
            for (int i = 1; i <= COLUMNS; i++) {
                ddl.run("ALTER TABLE t DROP COLUMN c" + i + ", ALGORITHM=INPLACE, LOCK=NONE");
            }
        } finally {
            over.set(true);
            application.join();
        }
        assertThat(database.queryLong("SELECT COUNT(*) FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE()"
                        + " AND TABLE_NAME = 't'"))
                .isEqualTo(3);
    }

    private static void upsert(TestDatabase database, AtomicBoolean over, AtomicBoolean eased, CountDownLatch first) {
        try (Connection connection = database.connect();
                Statement s = connection.createStatement()) {
            for (int i = 0; !over.get(); i++) {
                String key = !eased.get() && i % 20 == 0 ? "a" : "new-" + i;
                s.executeUpdate("INSERT INTO t (handle) VALUES ('" + key + "') ON DUPLICATE KEY UPDATE n = n + 1");
                first.countDown();
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Not whoever has the oldest transaction somewhere. */
    @ServerTest(ServerKind.MYSQL_80)
    void whoeverHoldsTheLockIsNamed(TestDatabase database) throws Exception {
        database.execute("CREATE TABLE t (id INT PRIMARY KEY)", "CREATE TABLE other (id INT PRIMARY KEY)");
        try (Connection bystander = database.connect();
                Connection holder = database.connect();
                Connection connection = database.connect();
                Statement o = bystander.createStatement();
                Statement h = holder.createStatement()) {
            bystander.setAutoCommit(false);
            o.executeUpdate("INSERT INTO other VALUES (1)");
            h.execute("LOCK TABLES t READ");
            String id = id(h);
            List<String> waits = new ArrayList<>();
            new Ddl(connection, new Cancel(), progress -> {
                        if (progress instanceof Progress.Waiting waiting) {
                            waits.add(waiting.forWhom());
                            unlock(h);
                        }
                    })
                    .run("ALTER TABLE `" + database.name() + "`.`t` ADD COLUMN a INT");
            assertThat(waits).hasSize(1);
            assertThat(waits.get(0))
                    .contains("which is held by connection " + id + " (")
                    .doesNotContain("connection " + id(o) + " ");
        }
    }

    private static String id(Statement s) throws SQLException {
        try (ResultSet r = s.executeQuery("SELECT CONNECTION_ID()")) {
            r.next();
            return r.getString(1);
        }
    }

    private static void unlock(Statement s) {
        try {
            s.execute("UNLOCK TABLES");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}

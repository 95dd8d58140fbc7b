package io.crossfade.migrator.alter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.dialect.MySqlDialect;
import io.crossfade.migrator.apply.Image;
import io.crossfade.migrator.apply.Markers;
import io.crossfade.migrator.checkpoint.AlterCheckpoint;
import io.crossfade.migrator.checkpoint.Undertaking;
import io.crossfade.migrator.chunk.Key;
import io.crossfade.migrator.chunk.KeyColumn;
import io.crossfade.migrator.chunk.KeyOrder;
import io.crossfade.migrator.ghost.ColumnPair;
import io.crossfade.migrator.ghost.Rules;
import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.migrator.ghost.TableChange;
import io.crossfade.migrator.mysql.GhostNames;
import io.crossfade.migrator.mysql.Server;
import io.crossfade.migrator.row.Row;
import io.crossfade.migrator.session.Lane;
import io.crossfade.migrator.signal.Cancel;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.stream.ChangeLog;
import io.crossfade.migrator.stream.LogEvent;
import io.crossfade.migrator.stream.LogPosition;
import io.crossfade.model.Column;
import io.crossfade.model.Table;
import io.crossfade.model.TableName;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How much of the log is held in memory, and what becomes of a transaction that is larger. */
class PumpTest {

    private static final TableName T = new TableName("s", "t");
    private static final LogPosition FROM = new LogPosition("binlog.000001", 4, "");
    private static final LogPosition BEHIND = new LogPosition("binlog.000001", 4_000, "");
    private static final long PLENTY = 64L << 20;

    private final Cancel cancel = new Cancel();
    private final Crew crew = new Crew(cancel);
    private final Scripted log = new Scripted();
    private final TableRun table = table();
    private final Map<String, Long> ghost = new TreeMap<>();

    /** Gives its events and then ends the run. Confined to the pump's thread. */
    private final class Scripted implements ChangeLog {
        private final Deque<LogEvent> events = new ArrayDeque<>();
        private long mostBytes;

        private Scripted row(long id, @Nullable Long before, @Nullable Long after) {
            events.add(new LogEvent.Changed(T, image(id, before), image(id, after)));
            return this;
        }

        private Scripted commit() {
            events.add(new LogEvent.Committed(BEHIND, 0));
            return this;
        }

        private Scripted tear() {
            events.add(new LogEvent.Rewound("the test tears it"));
            return this;
        }

        @Override
        public @Nullable LogEvent next(Duration atMost) {
            mostBytes = Math.max(mostBytes, table.frontier.standing().bytes());
            LogEvent event = events.poll();
            if (event == null) {
                cancel.request();
            }
            return event;
        }

        @Override
        public int backlog() {
            return events.size();
        }

        @Override
        public int backlogMax() {
            return Integer.MAX_VALUE;
        }

        @Override
        public void close() {}
    }

    private static @Nullable Row image(long id, @Nullable Long value) {
        return value == null ? null : new Row(new Object[] {id, value});
    }

    private static TableRun table() {
        MySqlDialect dialect = MySqlDialect.of("8.0.15");
        Column id = Column.plain("id", "bigint");
        Column v = Column.plain("v", "bigint");
        TableAlter alter = new TableAlter(T, "ENGINE=InnoDB");
        GhostNames names = GhostNames.of(alter, Rules.DEFAULT, Instant.EPOCH);
        List<KeyColumn> columns = List.of(KeyColumn.of(id));
        Key key = new Key(dialect, T, "PRIMARY", columns);
        TableChange change = new TableChange(
                new Table(T, List.of(id, v)),
                new Table(names.ghost(), List.of(id, v)),
                names.old(),
                List.of(ColumnPair.of(id, 0, id), ColumnPair.of(v, 1, v)),
                key,
                new Key(dialect, names.ghost(), "PRIMARY", columns),
                List.of());
        AlterCheckpoint checkpoint = AlterCheckpoint.begin(
                        "run",
                        new Undertaking(
                                "t",
                                alter.alter(),
                                null,
                                List.of(),
                                names.ghost().table(),
                                names.old().table(),
                                List.of(),
                                null,
                                null))
                .arrived(List.of(), true, 0, 0);
        KeyOrder order = KeyOrder.of(key, List.of(""), List.of(0));
        return new TableRun(dialect, alter, names, change, checkpoint, order, null, new Cancel(), progress -> {});
    }

    private Pump pump(Room room) {
        Lane none = new Lane(
                "none",
                () -> {
                    throw new SQLException("nobody is asked");
                },
                cancel);
        return new Pump(
                log,
                FROM,
                List.of(table),
                new TableName("s", "markers"),
                Markers.ofOneRun(),
                none,
                new Server(MySqlDialect.of("8.0.15"), true),
                crew,
                room);
    }

    /** What an applier would do. */
    private int apply() {
        List<Image> images = table.frontier.take(Integer.MAX_VALUE, Long.MAX_VALUE);
        for (Image image : images) {
            Row row = image.row();
            if (row == null) {
                ghost.remove(image.key().get(0));
            } else {
                ghost.put(image.key().get(0), (Long) row.value(1));
            }
        }
        table.frontier.done(images);
        return images.size();
    }

    private void transaction(long first, long last) {
        for (long id = first; id <= last; id++) {
            log.row(id, id, -id);
        }
    }

    private void fill() {
        for (long id = 1; id <= 300; id++) {
            ghost.put(Long.toString(id), id);
        }
    }

    @Test
    void aTransactionIsHandedOverWhenItHasEnded() throws Exception {
        transaction(1, 300);
        Pump pump = pump(new Room(PLENTY, PLENTY, PLENTY, PLENTY));
        pump.run();
        assertThat(apply()).isZero();
    }

    @Test
    void aTransactionThatIsLargerThanItsRoomIsHandedOverInParts() throws Exception {
        transaction(1, 300);
        Pump pump = pump(new Room(20_000, PLENTY, PLENTY, PLENTY));
        pump.run();
        assertThat(apply()).as("more is kept than there is room for").isGreaterThan(200);
        assertThat(pump.safePosition()).as("it has not ended").isEqualTo(FROM);
    }

    /** What comes down the log the second time may be less: rows that were rolled back to a savepoint. */
    @Test
    void aLargeTransactionThatIsTornIsTakenBackAndReadAgain() throws Exception {
        fill();
        transaction(1, 250);
        transaction(1, 50);
        log.row(7, -7L, null).row(400, null, 400L).row(8, -8L, 9_999L);
        transaction(251, 300);
        log.tear();
        Pump pump = pump(new Room(20_000, PLENTY, PLENTY, PLENTY));
        pump.run();
        assertThat(apply()).isGreaterThan(200);
        assertThat(ghost).hasSize(300).allSatisfy((id, v) -> assertThat(v).isEqualTo(Long.parseLong(id)));
        assertThat(pump.safePosition()).isEqualTo(FROM);
    }

    @Test
    void whatIsReadAgainCounts() throws Exception {
        fill();
        transaction(1, 250);
        log.tear();
        transaction(1, 20);
        log.commit();
        Pump pump = pump(new Room(20_000, PLENTY, PLENTY, PLENTY));
        pump.run();
        apply();
        assertThat(ghost).hasSize(300).containsEntry("20", -20L).containsEntry("21", 21L);
        assertThat(pump.safePosition()).isEqualTo(BEHIND);
    }

    @Test
    void aTornTransactionOfWhichTooMuchIsGoneEndsTheRun() {
        transaction(1, 300);
        log.tear();
        Pump pump = pump(new Room(20_000, 30_000, PLENTY, PLENTY));
        assertThatThrownBy(pump::run)
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("broke off within a transaction")
                .hasMessageContaining("run the same command again");
        assertThat(pump.safePosition()).isEqualTo(FROM);
    }

    @Test
    void theUndoOfALargeTransactionThatHasEndedIsForgotten() throws Exception {
        transaction(1, 300);
        log.commit().tear();
        transaction(1, 20);
        log.tear();
        Pump pump = pump(new Room(20_000, 30_000, PLENTY, PLENTY));
        pump.run();
        apply();
        assertThat(ghost).hasSize(300).containsEntry("300", -300L);
        assertThat(pump.safePosition()).isEqualTo(BEHIND);
    }

    /** Whoever applies is slow: one row, when the log waits. */
    @Test
    void theLogWaitsForRoom() throws Exception {
        long room = 100_000;
        for (long id = 1; id <= 3_000; id++) {
            log.row(id, id, -id).commit();
        }
        Thread reading = Thread.currentThread();
        Thread applying = new Thread(() -> {
            while (!cancel.isRequested()) {
                if (reading.getState() == Thread.State.TIMED_WAITING) {
                    table.frontier.done(table.frontier.take(1, Long.MAX_VALUE));
                }
                Thread.onSpinWait();
            }
        });
        applying.start();
        pump(new Room(PLENTY, PLENTY, room, PLENTY)).run();
        applying.join();
        assertThat(log.mostBytes).as("a batch more than there is room for").isLessThan(2 * room + 120_000);
    }
}

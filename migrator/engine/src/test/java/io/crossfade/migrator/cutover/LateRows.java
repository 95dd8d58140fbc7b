package io.crossfade.migrator.cutover;

import com.github.shyiko.mysql.binlog.BinaryLogClient;
import com.github.shyiko.mysql.binlog.event.Event;
import com.github.shyiko.mysql.binlog.event.EventHeaderV4;
import com.github.shyiko.mysql.binlog.event.TableMapEventData;
import com.github.shyiko.mysql.binlog.event.WriteRowsEventData;
import io.crossfade.testkit.TestDatabase;
import java.io.IOException;
import java.io.Serializable;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/** What is inserted into a database's tables, read from the server's log; updates and deletes are not looked at. */
final class LateRows implements AutoCloseable {
    private static final AtomicLong SERVER_ID = new AtomicLong(70_000);

    private final BinaryLogClient client;
    private final String schema;
    private final Queue<Inserted> rows = new ConcurrentLinkedQueue<>();
    private final Map<Long, TableMapEventData> maps = new HashMap<>();
    private volatile Place read;

    private record Inserted(String table, Serializable id, Serializable v) {}

    private record Place(String file, long offset) {}

    LateRows(TestDatabase database) throws SQLException {
        this.schema = database.name();
        try (Connection connection = database.connect()) {
            this.read = end(connection);
        }
        this.client = new BinaryLogClient(
                database.server().host(), database.server().port(), database.user(), database.password());
        client.setServerId(SERVER_ID.incrementAndGet());
        client.setBinlogFilename(read.file);
        client.setBinlogPosition(read.offset);
        client.setKeepAlive(false);
        client.registerEventListener(this::on);
        try {
            client.connect(20_000);
        } catch (IOException | java.util.concurrent.TimeoutException e) {
            throw new SQLException(e);
        }
    }

    private static Place end(Connection connection) throws SQLException {
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery("SHOW MASTER STATUS")) {
            r.next();
            return new Place(r.getString(1), r.getLong(2));
        }
    }

    private void on(Event event) {
        if (event.getData() instanceof TableMapEventData map) {
            maps.put(map.getTableId(), map);
        } else if (event.getData() instanceof WriteRowsEventData inserted) {
            TableMapEventData map = maps.get(inserted.getTableId());
            if (map != null && map.getDatabase().equals(schema)) {
                inserted.getRows().forEach(row -> rows.add(new Inserted(map.getTable(), row[0], row[1])));
            }
        }
        if (event.getHeader() instanceof EventHeaderV4 header && header.getNextPosition() > 0) {
            read = new Place(client.getBinlogFilename(), header.getNextPosition());
        }
    }

    /** Waits for all that is in the log by now, and puts what was inserted into these tables into their ghosts. */
    void drain(Connection writer, List<String> tables) throws SQLException {
        Place end = end(writer);
        long deadlineNanos = System.nanoTime() + 10_000_000_000L;
        while (read.file.equals(end.file) && read.offset < end.offset) {
            if (System.nanoTime() > deadlineNanos) {
                throw new AssertionError("the log was read up to " + read + " only, not to " + end);
            }
            Thread.onSpinWait();
        }
        try (Statement s = writer.createStatement()) {
            // A row is forgotten only when it is in: the drain may be cut short.
            for (List<Inserted> some = some(); !some.isEmpty(); some = some()) {
                for (String table : tables) {
                    String values = some.stream()
                            .filter(r -> r.table.equals(table))
                            .map(r -> "(" + r.id + ", " + r.v + ")")
                            .collect(Collectors.joining(", "));
                    if (!values.isEmpty()) {
                        s.execute("INSERT IGNORE INTO _" + table + "_gho (id, v) VALUES " + values);
                    }
                }
                some.forEach(row -> rows.remove());
            }
        }
    }

    private List<Inserted> some() {
        return rows.stream().limit(500).toList();
    }

    @Override
    public void close() throws SQLException {
        try {
            client.disconnect();
        } catch (IOException e) {
            throw new SQLException(e);
        }
    }
}

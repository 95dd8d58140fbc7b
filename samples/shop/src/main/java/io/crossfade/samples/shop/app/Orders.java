package io.crossfade.samples.shop.app;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The shop's statements on orders, in one version of its code. Each method sends one statement. Safe for many threads. */
public final class Orders {
    private static final String COLUMNS = "id, warehouse_id, customer_id, {status}, total";

    private final CodeVersion code;
    private final String statusColumn;

    public Orders(CodeVersion code) {
        this.code = code;
        this.statusColumn = code.sql("{status}");
    }

    /** A customer with what is ordered. */
    public record Line(String status, String handle) {}

    /** Places an order and gives its id. */
    public long place(Connection connection, Order order) throws SQLException {
        String sql = "INSERT INTO orders (warehouse_id, customer_id, {status}, total) VALUES (?, ?, ?, ?)";
        try (PreparedStatement insert = prepareKeyed(connection, sql)) {
            bind(insert, 1, order);
            insert.executeUpdate();
            return keys(insert).get(0);
        }
    }

    /** Places an order whose status is left to the table's default. */
    public long placeAtDefault(Connection connection, Order order) throws SQLException {
        String sql = "INSERT INTO orders SET warehouse_id = ?, customer_id = ?, total = ?";
        try (PreparedStatement insert = prepareKeyed(connection, sql)) {
            insert.setInt(1, order.warehouseId());
            insert.setLong(2, order.customerId());
            insert.setBigDecimal(3, decimal(order.totalCents()));
            insert.executeUpdate();
            return keys(insert).get(0);
        }
    }

    /** Places several orders in one statement with several rows. */
    public List<Long> placeAll(Connection connection, List<Order> orders) throws SQLException {
        String sql = "INSERT INTO orders (warehouse_id, customer_id, {status}, total) VALUES (?, ?, ?, ?)"
                + ", (?, ?, ?, ?)".repeat(orders.size() - 1);
        try (PreparedStatement insert = prepareKeyed(connection, sql)) {
            int index = 1;
            for (Order order : orders) {
                index = bind(insert, index, order);
            }
            insert.executeUpdate();
            return keys(insert);
        }
    }

    /** Places several orders as a batch. */
    public List<Long> placeBatch(Connection connection, List<Order> orders) throws SQLException {
        String sql = "INSERT INTO orders (warehouse_id, customer_id, {status}, total) VALUES (?, ?, ?, ?)";
        try (PreparedStatement insert = prepareKeyed(connection, sql)) {
            for (Order order : orders) {
                bind(insert, 1, order);
                insert.addBatch();
            }
            insert.executeBatch();
            return keys(insert);
        }
    }

    /** Writes an order whether it is there or not. */
    public void put(Connection connection, Order order) throws SQLException {
        String sql = "INSERT INTO orders (id, warehouse_id, customer_id, {status}, total) VALUES (?, ?, ?, ?, ?)"
                + " ON DUPLICATE KEY UPDATE {status} = VALUES({status}), total = VALUES(total)";
        try (PreparedStatement upsert = prepare(connection, sql)) {
            upsert.setLong(1, order.id());
            bind(upsert, 2, order);
            upsert.executeUpdate();
        }
    }

    /** Moves one order on, if it still has the status that the caller thinks; gives the number of rows. */
    public int move(Connection connection, long id, String from, String to) throws SQLException {
        String sql = "UPDATE orders SET {status} = ? WHERE id = ? AND {status} = ?";
        try (PreparedStatement update = prepare(connection, sql)) {
            update.setString(1, to);
            update.setLong(2, id);
            update.setString(3, from);
            return update.executeUpdate();
        }
    }

    /**
     * Moves a warehouse's oldest orders of a status on; gives their number. By their keys: an UPDATE that looks for them itself may lock the
     * status of every warehouse's orders, in another order than those who have an order already.
     */
    public int moveOldest(Connection connection, int warehouseId, String from, String to, int limit)
            throws SQLException {
        List<Order> oldest = oldest(connection, warehouseId, from, limit);
        if (oldest.isEmpty()) {
            return 0;
        }
        String ids = oldest.stream().map(o -> Long.toString(o.id())).collect(Collectors.joining(", "));
        String sql = "UPDATE orders SET {status} = ? WHERE id IN (" + ids + ") AND {status} = ? ORDER BY id";
        try (PreparedStatement update = prepare(connection, sql)) {
            update.setString(1, to);
            update.setString(2, from);
            return update.executeUpdate();
        }
    }

    /** Adds to an order's total; gives the number of rows. */
    public int surcharge(Connection connection, long id, long cents) throws SQLException {
        try (PreparedStatement update = prepare(connection, "UPDATE orders SET total = total + ? WHERE id = ?")) {
            update.setBigDecimal(1, decimal(cents));
            update.setLong(2, id);
            return update.executeUpdate();
        }
    }

    public int remove(Connection connection, long id) throws SQLException {
        try (PreparedStatement delete = prepare(connection, "DELETE FROM orders WHERE id = ?")) {
            delete.setLong(1, id);
            return delete.executeUpdate();
        }
    }

    public Optional<Order> find(Connection connection, long id) throws SQLException {
        return one(connection, "SELECT " + COLUMNS + " FROM orders WHERE id = ?", id);
    }

    /** As {@link #find}, by a statement that names no column but the key. */
    public Optional<Order> findWhole(Connection connection, long id) throws SQLException {
        return one(connection, "SELECT * FROM orders WHERE id = ?", id);
    }

    /** A warehouse's oldest orders of a status. */
    public List<Order> oldest(Connection connection, int warehouseId, String status, int limit) throws SQLException {
        String sql =
                "SELECT " + COLUMNS + " FROM orders WHERE warehouse_id = ? AND {status} = ? ORDER BY id LIMIT " + limit;
        try (PreparedStatement select = prepare(connection, sql)) {
            select.setInt(1, warehouseId);
            select.setString(2, status);
            return rows(select);
        }
    }

    public Map<String, Integer> countByStatus(Connection connection, int warehouseId) throws SQLException {
        String sql = "SELECT {status}, COUNT(*) FROM orders WHERE warehouse_id = ? GROUP BY {status}";
        try (PreparedStatement select = prepare(connection, sql)) {
            select.setInt(1, warehouseId);
            Map<String, Integer> counts = new TreeMap<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    counts.put(row.getString(1), row.getInt(2));
                }
            }
            return counts;
        }
    }

    /** An order's status and its customer's name, from both tables. */
    public Optional<Line> line(Connection connection, long id) throws SQLException {
        String sql = "SELECT o.{status}, u.{handle} AS customer FROM orders o JOIN users u ON u.id = o.customer_id"
                + " WHERE o.id = ?";
        try (PreparedStatement select = prepare(connection, sql)) {
            select.setLong(1, id);
            try (ResultSet row = select.executeQuery()) {
                return row.next()
                        ? Optional.of(new Line(row.getString(statusColumn), row.getString("customer")))
                        : Optional.empty();
            }
        }
    }

    /** The order in a row that has all the columns. */
    public Order read(ResultSet row) throws SQLException {
        return new Order(
                row.getLong("id"),
                row.getInt("warehouse_id"),
                row.getLong("customer_id"),
                row.getString(statusColumn),
                row.getBigDecimal("total").movePointRight(2).longValueExact());
    }

    private Optional<Order> one(Connection connection, String sql, long id) throws SQLException {
        try (PreparedStatement select = prepare(connection, sql)) {
            select.setLong(1, id);
            return rows(select).stream().findFirst();
        }
    }

    private List<Order> rows(PreparedStatement select) throws SQLException {
        List<Order> orders = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                orders.add(read(row));
            }
        }
        return orders;
    }

    private PreparedStatement prepare(Connection connection, String sql) throws SQLException {
        return connection.prepareStatement(code.sql(sql));
    }

    private PreparedStatement prepareKeyed(Connection connection, String sql) throws SQLException {
        return connection.prepareStatement(code.sql(sql), Statement.RETURN_GENERATED_KEYS);
    }

    private static int bind(PreparedStatement insert, int index, Order order) throws SQLException {
        insert.setInt(index, order.warehouseId());
        insert.setLong(index + 1, order.customerId());
        insert.setString(index + 2, order.status());
        insert.setBigDecimal(index + 3, decimal(order.totalCents()));
        return index + 4;
    }

    private static List<Long> keys(Statement statement) throws SQLException {
        List<Long> keys = new ArrayList<>();
        try (ResultSet row = statement.getGeneratedKeys()) {
            while (row.next()) {
                keys.add(row.getLong(1));
            }
        }
        return keys;
    }

    private static BigDecimal decimal(long cents) {
        return BigDecimal.valueOf(cents, 2);
    }
}

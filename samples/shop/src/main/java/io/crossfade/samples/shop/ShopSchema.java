package io.crossfade.samples.shop;

import io.crossfade.samples.shop.app.Order;
import io.crossfade.samples.shop.app.User;
import io.crossfade.samples.shop.traffic.Clerk;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** The shop's tables as they were before any change, and what is in them at the start. */
final class ShopSchema {
    /** What every loaded row has as {@code updated_at}: a row that nobody touched keeps it. */
    static final String LOADED_AT = "2026-01-01 00:00:00";

    private static final int ROWS_PER_STATEMENT = 1_000;
    private static final List<String> STATUSES = List.of("new", "paid", "packed", "shipped", "cancelled");

    private static final String ORDERS =
            """
            CREATE TABLE orders (
              id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
              warehouse_id INT NOT NULL,
              customer_id BIGINT NOT NULL,
              status VARCHAR(20) NOT NULL DEFAULT 'new' COMMENT 'new, paid, packed, shipped or cancelled',
              total DECIMAL(12,2) NOT NULL DEFAULT 0,
              note VARCHAR(200) NULL,
              created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
              updated_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
              KEY by_status (status),
              KEY by_warehouse (warehouse_id, status),
              KEY by_customer (customer_id)
            ) ENGINE=InnoDB""";

    private static final String USERS =
            """
            CREATE TABLE users (
              id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
              username VARCHAR(80) NOT NULL,
              email VARCHAR(255) NOT NULL,
              age_str VARCHAR(3) NULL,
              created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
              updated_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
              UNIQUE KEY by_username (username)
            ) ENGINE=InnoDB""";

    private ShopSchema() {}

    /** Makes the tables, fills them, and enters each row in the ledger of the clerk whose own it is. */
    static void load(Connection connection, int orders, int users, List<Clerk> clerks) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET time_zone = '+00:00'");
            statement.execute(ORDERS);
            statement.execute(USERS);
        }
        SplittableRandom random = new SplittableRandom(1);
        loadUsers(connection, users, clerks, random);
        loadOrders(connection, orders, users, clerks, random);
    }

    private static void loadUsers(Connection connection, int users, List<Clerk> clerks, SplittableRandom random)
            throws SQLException {
        String sql = "INSERT INTO users (id, username, email, age_str, created_at, updated_at) VALUES ";
        try (Rows rows = new Rows(connection, sql, "(?, ?, ?, ?, '" + LOADED_AT + "', '" + LOADED_AT + "')")) {
            for (long id = 1; id <= users; id++) {
                Integer age = random.nextInt(10) == 0 ? null : 18 + random.nextInt(60);
                String handle = "user" + id;
                User user = new User(id, handle, "Mail." + handle + "@Example.com", age, null);
                clerk(clerks, id).users().load(id, user);
                rows.add(id, user.handle(), user.email(), age == null ? null : age.toString());
            }
        }
    }

    private static void loadOrders(
            Connection connection, int orders, int users, List<Clerk> clerks, SplittableRandom random)
            throws SQLException {
        String sql =
                "INSERT INTO orders (id, warehouse_id, customer_id, status, total, created_at, updated_at) VALUES ";
        try (Rows rows = new Rows(connection, sql, "(?, ?, ?, ?, ?, '" + LOADED_AT + "', '" + LOADED_AT + "')")) {
            for (long id = 1; id <= orders; id++) {
                int warehouse = (int) (id % clerks.size());
                String status = STATUSES.get(random.nextInt(STATUSES.size()));
                Order order =
                        new Order(id, warehouse, random.nextLong(1, users + 1L), status, random.nextLong(100, 100_000));
                clerk(clerks, id).orders().load(order);
                BigDecimal total = BigDecimal.valueOf(order.totalCents(), 2);
                rows.add(id, warehouse, order.customerId(), status, total);
            }
        }
    }

    private static Clerk clerk(List<Clerk> clerks, long id) {
        return clerks.get((int) (id % clerks.size()));
    }

    /** Inserts of many rows each. One thread at a time. */
    private static final class Rows implements AutoCloseable {
        private final Connection connection;
        private final String insert;
        private final String row;
        private final List<@Nullable Object> values = new ArrayList<>();
        private int rows;

        private Rows(Connection connection, String insert, String row) {
            this.connection = connection;
            this.insert = insert;
            this.row = row;
        }

        private void add(@Nullable Object... ofRow) throws SQLException {
            values.addAll(Arrays.asList(ofRow));
            rows++;
            if (rows == ROWS_PER_STATEMENT) {
                flush();
            }
        }

        private void flush() throws SQLException {
            try (PreparedStatement statement =
                    connection.prepareStatement(insert + row + (", " + row).repeat(rows - 1))) {
                for (int i = 0; i < values.size(); i++) {
                    statement.setObject(i + 1, values.get(i));
                }
                statement.executeUpdate();
            }
            values.clear();
            rows = 0;
        }

        @Override
        public void close() throws SQLException {
            if (rows > 0) {
                flush();
            }
        }
    }
}

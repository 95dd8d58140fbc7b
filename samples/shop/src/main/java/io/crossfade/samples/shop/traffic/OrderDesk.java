package io.crossfade.samples.shop.traffic;

import io.crossfade.samples.shop.app.Order;
import io.crossfade.samples.shop.app.Orders;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * What a clerk does with orders: one task at a time, in autocommit. Each write is noted once it is acknowledged, each
 * read compared with the ledger. One thread at a time.
 */
final class OrderDesk {
    static final List<String> STATUSES = List.of("new", "paid", "packed", "shipped", "cancelled");

    private static final int BATCH_ORDERS = 8;
    private static final int LIST_ORDERS = 20;
    private static final int MOVED_ORDERS_MAX = 5;

    private final int warehouseId;
    private final RandomGenerator random;
    private final OrderLedger ledger;
    private final LongSupplier customer;
    private final Meter meter;
    private final Findings findings;

    OrderDesk(
            int warehouseId,
            RandomGenerator random,
            OrderLedger ledger,
            LongSupplier customer,
            Meter meter,
            Findings findings) {
        this.warehouseId = warehouseId;
        this.random = random;
        this.ledger = ledger;
        this.customer = customer;
        this.meter = meter;
        this.findings = findings;
    }

    /** Does one task, of a hundred such that are mixed as a shop would have them. */
    void work(Connection connection, Orders orders) throws SQLException {
        int task = random.nextInt(100);
        if (task < 12) {
            Order draft = draft();
            note(draft.withId(meter.time(() -> orders.place(connection, draft))));
        } else if (task < 15) {
            Order draft = draft().withStatus("new");
            note(draft.withId(meter.time(() -> orders.placeAtDefault(connection, draft))));
        } else if (task < 18) {
            List<Order> drafts = drafts(3);
            noteAll(drafts, meter.time(() -> orders.placeAll(connection, drafts)));
        } else if (task < 21) {
            List<Order> drafts = drafts(BATCH_ORDERS);
            noteAll(drafts, meter.time(() -> orders.placeBatch(connection, drafts)));
        } else if (task < 27) {
            Order changed = any().withStatus(anyStatus()).withTotalCents(anyCents());
            meter.timeVoid(() -> orders.put(connection, changed));
            note(changed);
        } else if (task < 42) {
            move(connection, orders);
        } else if (task < 46) {
            moveOldest(connection, orders);
        } else if (task < 52) {
            surcharge(connection, orders);
        } else if (task < 56) {
            Order gone = any();
            expectOne("delete of order " + gone.id(), meter.time(() -> orders.remove(connection, gone.id())));
            ledger.remove(gone.id());
        } else if (task < 98) {
            read(connection, orders, task);
        } else {
            findings.expect(
                    "orders by status of warehouse " + warehouseId,
                    ledger.countByStatus(),
                    meter.time(() -> orders.countByStatus(connection, warehouseId)));
        }
    }

    private void read(Connection connection, Orders orders, int task) throws SQLException {
        Order order = any();
        if (task < 76) {
            findings.expect(
                    "order " + order.id(), Optional.of(order), meter.time(() -> orders.find(connection, order.id())));
        } else if (task < 84) {
            findings.expect(
                    "order " + order.id() + " by SELECT *",
                    Optional.of(order),
                    meter.time(() -> orders.findWhole(connection, order.id())));
        } else if (task < 92) {
            Optional<Orders.Line> line = meter.time(() -> orders.line(connection, order.id()));
            findings.expect(
                    "status of order " + order.id() + " in a join",
                    Optional.of(order.status()),
                    line.map(Orders.Line::status));
        } else {
            String status = anyStatus();
            findings.expect(
                    "oldest " + status + " orders of warehouse " + warehouseId,
                    ledger.oldest(status, LIST_ORDERS),
                    meter.time(() -> orders.oldest(connection, warehouseId, status, LIST_ORDERS)));
        }
    }

    private void move(Connection connection, Orders orders) throws SQLException {
        Order order = any();
        String next = other(order.status());
        int rows = meter.time(() -> orders.move(connection, order.id(), order.status(), next));
        expectOne("move of order " + order.id(), rows);
        note(order.withStatus(next));
    }

    private void moveOldest(Connection connection, Orders orders) throws SQLException {
        String from = anyStatus();
        String to = other(from);
        int limit = 1 + random.nextInt(MOVED_ORDERS_MAX);
        List<Order> moved = ledger.oldest(from, limit);
        int rows = meter.time(() -> orders.moveOldest(connection, warehouseId, from, to, limit));
        findings.expect("rows moved from " + from, moved.size(), rows);
        moved.forEach(order -> note(order.withStatus(to)));
    }

    private void surcharge(Connection connection, Orders orders) throws SQLException {
        Order order = any();
        long cents = random.nextLong(1, 100);
        expectOne(
                "surcharge on order " + order.id(), meter.time(() -> orders.surcharge(connection, order.id(), cents)));
        note(order.withTotalCents(order.totalCents() + cents));
    }

    /** An order that is not placed yet. */
    Order draft() {
        return new Order(0, warehouseId, customer.getAsLong(), anyStatus(), anyCents());
    }

    Order any() {
        return ledger.any(random);
    }

    /** Notes what was acknowledged. */
    void note(Order order) {
        ledger.put(order);
    }

    static String other(String status) {
        return STATUSES.get((STATUSES.indexOf(status) + 1) % STATUSES.size());
    }

    private void noteAll(List<Order> drafts, List<Long> ids) {
        findings.expect("generated keys of a batch", drafts.size(), ids.size());
        for (int i = 0; i < ids.size(); i++) {
            note(drafts.get(i).withId(ids.get(i)));
        }
    }

    private List<Order> drafts(int count) {
        List<Order> drafts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            drafts.add(draft());
        }
        return drafts;
    }

    private void expectOne(String what, int rows) {
        findings.expect("rows of the " + what, 1, rows);
    }

    private String anyStatus() {
        return STATUSES.get(random.nextInt(STATUSES.size()));
    }

    private long anyCents() {
        return random.nextLong(100, 100_000);
    }
}

package io.crossfade.samples.shop.traffic;

import io.crossfade.samples.shop.app.Order;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A {@link Ledger} of orders that also knows which are the oldest of a status. One thread at a time. */
public final class OrderLedger {
    private final Ledger<Order> orders = new Ledger<>();
    private final Map<String, TreeSet<Long>> idsByStatus = new TreeMap<>();

    public void load(Order order) {
        Order before = orders.get(order.id());
        forget(before);
        orders.load(order.id(), order);
        idsByStatus.computeIfAbsent(order.status(), status -> new TreeSet<>()).add(order.id());
    }

    void put(Order order) {
        load(order);
        orders.put(order.id(), order);
    }

    void remove(long id) {
        forget(orders.get(id));
        orders.remove(id);
    }

    Order any(RandomGenerator random) {
        return orders.any(random);
    }

    List<Order> oldest(String status, int limit) {
        return idsByStatus.getOrDefault(status, new TreeSet<>()).stream()
                .limit(limit)
                .map(id -> Objects.requireNonNull(orders.get(id)))
                .toList();
    }

    Map<String, Integer> countByStatus() {
        Map<String, Integer> counts = new TreeMap<>();
        idsByStatus.forEach((status, ids) -> counts.put(status, ids.size()));
        counts.values().removeIf(count -> count == 0);
        return counts;
    }

    /** The same as rows by id. */
    public Ledger<Order> rows() {
        return orders;
    }

    private void forget(@Nullable Order order) {
        if (order != null) {
            idsByStatus.getOrDefault(order.status(), new TreeSet<>()).remove(order.id());
        }
    }
}

package io.crossfade.samples.shop.app;

/**
 * An order. Immutable.
 *
 * @param id 0 as long as it is not placed
 * @param warehouseId who handles it
 * @param customerId the user who ordered
 * @param status new, paid, packed, shipped or cancelled
 * @param totalCents the total, in hundredths
 */
public record Order(long id, int warehouseId, long customerId, String status, long totalCents) {
    public Order withId(long newId) {
        return new Order(newId, warehouseId, customerId, status, totalCents);
    }

    public Order withStatus(String newStatus) {
        return new Order(id, warehouseId, customerId, newStatus, totalCents);
    }

    public Order withTotalCents(long newTotalCents) {
        return new Order(id, warehouseId, customerId, status, newTotalCents);
    }
}

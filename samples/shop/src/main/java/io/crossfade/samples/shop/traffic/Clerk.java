package io.crossfade.samples.shop.traffic;

import io.crossfade.samples.shop.app.Order;
import io.crossfade.samples.shop.app.Shop;
import io.crossfade.samples.shop.app.User;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/**
 * Somebody who works in the shop, on rows that are nobody else's: at one desk or the other, or at both in a transaction.
 * A clerk outlives the instances of the shop and carries the ledgers from one to the next. One thread at a time.
 */
public final class Clerk {
    private final RandomGenerator random;
    private final OrderLedger orderLedger = new OrderLedger();
    private final Ledger<User> userLedger = new Ledger<>();
    private final OrderDesk orderDesk;
    private final UserDesk userDesk;
    private final Meter meter;
    private final Findings findings;
    private final Pace pace;

    /**
     * A clerk with empty ledgers.
     *
     * @param number the clerk's own, and the number of the warehouse whose orders are the clerk's
     */
    public Clerk(int number, double tasksPerSecond, long seed, Meter meter, Findings findings) {
        this.random = new SplittableRandom(seed + number);
        this.meter = meter;
        this.findings = findings;
        this.userDesk = new UserDesk(number, random, userLedger, meter, findings);
        this.orderDesk = new OrderDesk(number, random, orderLedger, userDesk::customer, meter, findings);
        this.pace = new Pace(tasksPerSecond);
    }

    public OrderLedger orders() {
        return orderLedger;
    }

    public Ledger<User> users() {
        return userLedger;
    }

    /** Works while the shop is open, and finishes the task in hand. */
    void work(Shop shop, BooleanSupplier isOpen) {
        pace.restart();
        while (isOpen.getAsBoolean()) {
            workOnce(shop);
            pace.await();
        }
    }

    private void workOnce(Shop shop) {
        try (Connection connection = meter.time(shop::connect)) {
            int task = random.nextInt(100);
            if (task < 60) {
                orderDesk.work(connection, shop.orders());
            } else if (task < 90) {
                userDesk.work(connection, shop.users());
            } else {
                checkOut(connection, shop, task < 95);
            }
        } catch (SQLException e) {
            findings.failed(e);
        } catch (RuntimeException e) {
            // The driver gave something that the shop cannot read at all, such as NULL for a status.
            findings.broken(e);
        }
    }

    /** A customer orders, moves another order on, and changes the address, all or nothing. */
    private void checkOut(Connection connection, Shop shop, boolean completes) throws SQLException {
        Order draft = orderDesk.draft();
        Order moved = orderDesk.any();
        Order after = moved.withStatus(OrderDesk.other(moved.status()));
        User user = userDesk.any();
        User movedUser = user.withEmail(userDesk.anyEmail(userDesk.newHandle()));
        connection.setAutoCommit(false);
        try {
            Order placed = draft.withId(meter.time(() -> shop.orders().place(connection, draft)));
            meter.time(() -> shop.orders().move(connection, moved.id(), moved.status(), after.status()));
            meter.time(() -> shop.users().changeEmail(connection, movedUser));
            findings.expect(
                    "order " + moved.id() + " within its transaction",
                    Optional.of(after),
                    meter.time(() -> shop.orders().find(connection, moved.id())));
            if (completes) {
                meter.timeVoid(connection::commit);
                orderDesk.note(placed);
                orderDesk.note(after);
                userDesk.note(movedUser);
            } else {
                meter.timeVoid(connection::rollback);
            }
        } catch (SQLException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }
}

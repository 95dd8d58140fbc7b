package io.crossfade.cli;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * An application of the old code in a process of its own: writes one row after the other through the driver until it is ended.
 * Says "ready" after the first.
 */
final class ShopClient {

    private ShopClient() {}

    /** Arguments: the driver's URL, the user, the password. */
    public static void main(String[] arguments) throws Exception {
        try (Connection connection = DriverManager.getConnection(arguments[0], arguments[1], arguments[2]);
                PreparedStatement s = connection.prepareStatement("INSERT INTO orders (status) VALUES (?)")) {
            for (int i = 0; i < Integer.MAX_VALUE; i++) {
                s.setString(1, "s" + i % 7);
                s.executeUpdate();
                if (i == 0) {
                    System.out.println("ready");
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2)); // A pace, not a wait for anything.
            }
        }
    }
}

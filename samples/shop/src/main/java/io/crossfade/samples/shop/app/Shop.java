package io.crossfade.samples.shop.app;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;

/** One running instance of the shop: a connection pool and its code. Safe for many threads. */
public final class Shop implements AutoCloseable {
    private final HikariDataSource pool;
    private final Orders orders;
    private final Users users;

    private Shop(HikariDataSource pool, CodeVersion code) {
        this.pool = pool;
        this.orders = new Orders(code);
        this.users = new Users(code);
    }

    /**
     * Starts an instance.
     *
     * @param url the one line of the shop that tells whether Crossfade is there: {@code jdbc:crossfade:mysql://…} rather
     *     than {@code jdbc:mysql://…}
     */
    public static Shop open(String url, String user, String password, int connectionsMax, CodeVersion code) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setUsername(user);
        config.setPassword(password);
        config.setMaximumPoolSize(connectionsMax);
        config.setPoolName("shop");
        return new Shop(new HikariDataSource(config), code);
    }

    public Connection connect() throws SQLException {
        return pool.getConnection();
    }

    public Orders orders() {
        return orders;
    }

    public Users users() {
        return users;
    }

    @Override
    public void close() {
        pool.close();
    }
}

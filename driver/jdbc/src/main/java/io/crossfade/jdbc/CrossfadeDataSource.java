package io.crossfade.jdbc;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Properties;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The driver as a DataSource with bean properties, each connection a new one: for a pool's {@code dataSourceClassName}, or for
 * programs that keep their own.
 *
 * <p>Safe for many threads once it is configured.
 */
public final class CrossfadeDataSource implements DataSource {

    private final CrossfadeDriver driver;
    private volatile @Nullable String url;
    private volatile @Nullable String user;
    private volatile @Nullable String password;
    private volatile Properties properties = new Properties();
    private volatile int loginTimeout;
    private volatile @Nullable PrintWriter logWriter;

    public CrossfadeDataSource() {
        this(new CrossfadeDriver());
    }

    CrossfadeDataSource(CrossfadeDriver driver) {
        this.driver = driver;
    }

    public @Nullable String getUrl() {
        return url;
    }

    /** {@code jdbc:crossfade:mysql://…} or {@code jdbc:crossfade:mariadb://…}. */
    public void setUrl(String url) {
        this.url = url;
    }

    public @Nullable String getUser() {
        return user;
    }

    public void setUser(String user) {
        this.user = user;
    }

    public void setPassword(String password) {
        this.password = password;
    }

    /** More connection properties, the driver's own and the wrapped driver's. They are copied. */
    public void setProperties(Properties properties) {
        Properties copy = new Properties();
        properties.stringPropertyNames().forEach(key -> copy.setProperty(key, properties.getProperty(key)));
        this.properties = copy;
    }

    public Properties getProperties() {
        Properties copy = new Properties();
        copy.putAll(properties);
        return copy;
    }

    @Override
    public Connection getConnection() throws SQLException {
        return connect(user, password);
    }

    @Override
    public Connection getConnection(String username, String password) throws SQLException {
        return connect(username, password);
    }

    private Connection connect(@Nullable String username, @Nullable String secret) throws SQLException {
        String to = url;
        if (to == null || !driver.acceptsURL(to)) {
            throw CrossfadeError.configuration(
                    "cannot connect: the data source's URL is " + (to == null ? "not set" : "not one of the driver's")
                            + "; set jdbc:crossfade:mysql://… or jdbc:crossfade:mariadb://…");
        }
        Properties with = getProperties();
        if (username != null) {
            with.setProperty("user", username);
        }
        if (secret != null) {
            with.setProperty("password", secret);
        }
        Connection connection = driver.connect(to, with);
        if (connection == null) {
            throw new IllegalStateException("the driver did not take a URL that it accepts");
        }
        return connection;
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return logWriter;
    }

    /** Kept and not used: the driver logs through slf4j. */
    @Override
    public void setLogWriter(@Nullable PrintWriter out) {
        logWriter = out;
    }

    @Override
    public int getLoginTimeout() {
        return loginTimeout;
    }

    /** Kept and not used: set the wrapped driver's {@code connectTimeout}. */
    @Override
    public void setLoginTimeout(int seconds) {
        loginTimeout = seconds;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException("crossfade logs through slf4j");
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        if (type.isInstance(this)) {
            return type.cast(this);
        }
        throw new SQLException("the data source wraps no " + type.getName());
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return type.isInstance(this);
    }
}

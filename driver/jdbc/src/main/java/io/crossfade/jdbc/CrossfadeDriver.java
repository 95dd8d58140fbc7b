package io.crossfade.jdbc;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The wrapping JDBC driver. {@code jdbc:crossfade:mysql://…} and {@code jdbc:crossfade:mariadb://…} are served; the rest of the
 * URL is that of MySQL Connector/J or the MariaDB driver, which must be on the class path. Its own properties are those of
 * {@link DriverProperty}.
 *
 * <p>Safe for many threads.
 */
public final class CrossfadeDriver implements Driver {

    private static final CrossfadeDriver REGISTERED = new CrossfadeDriver();

    static {
        try {
            DriverManager.registerDriver(REGISTERED, REGISTERED.links::closeAll);
        } catch (SQLException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final ControlLinks links;

    /** For the service loader and for {@code driverClassName}. All such drivers share their links. */
    public CrossfadeDriver() {
        this(Shared.LINKS);
    }

    CrossfadeDriver(ControlLinks links) {
        this.links = links;
    }

    @Override
    public @Nullable Connection connect(String url, Properties info) throws SQLException {
        if (!acceptsURL(url)) {
            return null;
        }
        Target target = Target.of(url, info == null ? new Properties() : info);
        ControlLink link = links.acquire(target);
        try {
            Connection raw = target.connect(link.identity().id());
            try {
                return connected(target, link, raw);
            } catch (SQLException | RuntimeException e) {
                close(raw, e);
                throw e;
            }
        } catch (SQLException | RuntimeException e) {
            links.release(target);
            throw e;
        }
    }

    @Override
    public boolean acceptsURL(String url) {
        return url != null && Target.accepts(url);
    }

    /** The driver's own properties first, then those of the wrapped driver. */
    @Override
    public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) throws SQLException {
        Properties given = info == null ? new Properties() : info;
        List<DriverPropertyInfo> all = new ArrayList<>();
        for (DriverProperty property : DriverProperty.values()) {
            all.add(property.info(given));
        }
        if (acceptsURL(url)) {
            Target target = Target.of(url, given);
            all.addAll(Arrays.asList(
                    DriverManager.getDriver(target.realUrl()).getPropertyInfo(target.realUrl(), target.info())));
        }
        return all.toArray(new DriverPropertyInfo[0]);
    }

    @Override
    public int getMajorVersion() {
        return 0;
    }

    @Override
    public int getMinorVersion() {
        return 1;
    }

    @Override
    public boolean jdbcCompliant() {
        return false;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException("crossfade logs through slf4j");
    }

    private Connection connected(Target target, ControlLink link, Connection raw) throws SQLException {
        Session session = Session.begin(link, raw);
        link.add(session);
        return Proxies.connection(raw, session, () -> {
            link.remove(session);
            links.release(target);
        });
    }

    private static void close(Connection raw, Exception cause) {
        try {
            raw.close();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    /** Made before the first driver, whichever way that comes about. */
    private static final class Shared {
        private static final ControlLinks LINKS = new ControlLinks();
    }
}

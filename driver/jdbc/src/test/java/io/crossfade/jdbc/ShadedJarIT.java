package io.crossfade.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.flag.ShareFile;
import io.crossfade.model.ChangeFile;
import io.crossfade.model.Direction;
import io.crossfade.model.Stage;
import io.crossfade.model.TableName;
import io.crossfade.state.CatalogReader;
import io.crossfade.state.ControlStore;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/** The finished jar, as an application gets it. */
class ShadedJarIT {
    private static final long BYTES_MAX = 5_000_000;

    private final Path jar = Path.of(System.getProperty("crossfade.jar"));

    @Test
    void holdsWhatItNeedsUnderOurOwnNamesOnly() throws IOException {
        assertThat(Files.size(jar)).isLessThan(BYTES_MAX);
        try (JarFile file = new JarFile(jar.toFile())) {
            List<String> names = file.stream().map(JarEntry::getName).toList();
            assertThat(names).contains("META-INF/services/java.sql.Driver");
            assertThat(names.stream().filter(n -> n.endsWith(".class")))
                    .allMatch(n -> n.startsWith("io/crossfade/"))
                    .noneMatch(n -> n.startsWith("io/crossfade/jdbc/build/"))
                    .anyMatch(n -> n.startsWith("io/crossfade/shaded/jsqlparser/"))
                    .anyMatch(n -> n.startsWith("io/crossfade/shaded/caffeine/"))
                    .anyMatch(n -> n.startsWith("io/crossfade/shaded/snakeyaml/"))
                    .anyMatch(n -> n.startsWith("io/crossfade/shaded/jackson/"));
        }
    }

    @Test
    void readsFlagsInBothFormsAndMissesTheSdkOfOpenFeatureInSoManyWords() throws Exception {
        URL[] path = {jar.toUri().toURL(), origin(org.slf4j.Logger.class)};
        try (URLClassLoader alone = new URLClassLoader(path, ClassLoader.getPlatformClassLoader())) {
            Method read = alone.loadClass(ShareFile.class.getName()).getMethod("read", String.class, String.class);
            assertThat(read.invoke(null, "shares.json", "{\"a\": 10}"))
                    .hasToString("FlagAnswer[values={a=Percent[percent=10]}]");
            assertThat(read.invoke(null, "shares.yaml", "a: true\n"))
                    .hasToString("FlagAnswer[values={a=Percent[percent=100]}]");
            Driver driver = (Driver) alone.loadClass(CrossfadeDriver.class.getName())
                    .getConstructor()
                    .newInstance();
            assertThatThrownBy(() -> driver.connect(
                            "jdbc:crossfade:mysql://127.0.0.1:1/none?crossfade.flags=openfeature", new Properties()))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("put dev.openfeature:sdk on the class path");
        }
    }

    @ServerTest
    void rewritesAloneWithTheWrappedDriver(TestDatabase database) throws Exception {
        dualWrite(database);
        URL[] path = {jar.toUri().toURL(), origin(com.mysql.cj.jdbc.Driver.class), origin(org.slf4j.Logger.class)};
        try (URLClassLoader alone = new URLClassLoader(path, ClassLoader.getPlatformClassLoader())) {
            Class<?> type = alone.loadClass(CrossfadeDriver.class.getName());
            assertThat(type).isNotSameAs(CrossfadeDriver.class);
            Driver driver = (Driver) type.getConstructor().newInstance();
            Class.forName(com.mysql.cj.jdbc.Driver.class.getName(), true, alone);
            Properties login = new Properties();
            login.setProperty("user", database.user());
            login.setProperty("password", database.password());
            try (Connection connection = driver.connect(Urls.mysql(database), login);
                    Statement statement = connection.createStatement()) {
                statement.execute("INSERT INTO orders (id, status) VALUES (1, 'paid')");
            }
        }
        assertThat(database.query("SELECT status, order_status FROM orders")).hasToString("[[paid, paid]]");
    }

    private static void dualWrite(TestDatabase database) throws SQLException {
        database.execute("CREATE TABLE orders (id INT PRIMARY KEY, status VARCHAR(20), order_status VARCHAR(20))");
        try (Connection connection = database.connect()) {
            ControlStore store = new ControlStore(connection);
            store.install();
            store.changes()
                    .open(
                            ChangeFile.read("change: c\ntable: " + database.name()
                                    + ".orders\ncolumns:\n  - rename: {from: status, to: order_status}\n"),
                            new CatalogReader(connection)
                                    .table(new TableName(database.name(), "orders"))
                                    .orElseThrow(),
                            "test",
                            "");
            for (Stage stage : List.of(Stage.EXPAND, Stage.DUALWRITE)) {
                store.changes().move(store.changes().find("c").orElseThrow(), stage, Direction.FORWARD, 0, "test", "");
            }
        }
    }

    private static URL origin(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation();
    }
}

package io.crossfade.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.model.Stage;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;

/** A client between its look at the control state and its registration, where nobody knows of it. */
class RegistrationTest {

    @ServerTest
    void aFenceThatPassesAClientBeforeItIsKnownIsNoticed(TestDatabase database) throws Exception {
        AtomicInteger registrations = new AtomicInteger();
        try (Migrator migrator = new Migrator(database)) {
            migrator.open();
            ControlLink link = new ControlLink(
                    "test",
                    DriverSettings.of(new Properties()),
                    () -> delayed(database.connect(), () -> {
                        if (registrations.getAndIncrement() == 0) {
                            // No client is known, so that the migrator goes on at once, two stages.
                            migrator.move(Stage.EXPAND);
                            migrator.move(Stage.DUALWRITE);
                        }
                    }),
                    System::nanoTime);
            try {
                link.start();
                assertThat(registrations.get()).isGreaterThan(1);
                assertThat(link.current().changes()).singleElement().satisfies(c -> assertThat(c.stage())
                        .isEqualTo(Stage.DUALWRITE));
                assertThat(migrator.client().epochSeen())
                        .isEqualTo(migrator.row().epoch());
            } finally {
                link.close();
            }
        }
    }

    /** What happens before a statement. */
    private interface Before {
        void run() throws SQLException;
    }

    private static Connection delayed(Connection raw, Before registration) {
        return (Connection) Proxy.newProxyInstance(
                RegistrationTest.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, words) -> {
                    if (method.getName().equals("prepareStatement")
                            && String.valueOf(words[0]).startsWith("INSERT INTO crossfade_client ")) {
                        registration.run();
                    }
                    try {
                        return method.invoke(raw, words);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}

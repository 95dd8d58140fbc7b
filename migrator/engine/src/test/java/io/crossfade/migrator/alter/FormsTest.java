package io.crossfade.migrator.alter;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.migrator.ghost.Rules;
import io.crossfade.testkit.ServerKind;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import io.crossfade.testkit.TestServer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * ALTERs of many forms: a ghost is what the server's own ALTER makes, in its structure and in every row; what the server refuses is
 * refused, and nothing is left of it.
 *
 * <p>The build tries those that are marked as quick; {@code -Dcrossfade.test.forms=all} all, {@code =keys} those of one file.
 */
class FormsTest {
    private static final String WHICH = System.getProperty("crossfade.test.forms", "quick");

    private static final List<String> FILES = List.of(
            "columns",
            "keys",
            "options",
            "partitions",
            "hashed",
            "checks",
            "generated",
            "maria",
            "versioned",
            "linked",
            "triggered",
            "eight",
            "gipk",
            "odd",
            "ansi",
            "backslash",
            "loose",
            "strictest",
            "doc",
            "placed");

    @ServerTest({ServerKind.MYSQL_80, ServerKind.MYSQL_57, ServerKind.MARIADB_114})
    void aGhostIsWhatTheServerMakes(TestServer server, TestDatabase database) throws Exception {
        List<String> failures = new ArrayList<>();
        try (TestDatabase twin = TestDatabase.create(server)) {
            for (String name : FILES) {
                boolean isAsked = WHICH.equals("quick")
                        || WHICH.equals("all")
                        || List.of(WHICH.split(",")).contains(name);
                if (isAsked) {
                    play(FormsFile.read(name), server, database, twin, failures);
                }
            }
        }
        assertThat(String.join("\n\n", failures))
                .describedAs(failures.size() + " forms came out otherwise")
                .isEmpty();
    }

    /** A newer one in place of the 8.0 of the build has a name of its own. */
    private static String label(TestServer server, TestDatabase database) throws SQLException {
        boolean isNewer = server.kind() == ServerKind.MYSQL_80
                && !new AlterTrial(server, database).one("SELECT VERSION()").startsWith("8.0.");
        return isNewer ? "mysql9" : server.kind().label();
    }

    private static void play(
            FormsFile file, TestServer server, TestDatabase database, TestDatabase twin, List<String> failures)
            throws SQLException {
        AlterTrial global = new AlterTrial(server, database);
        String before = global.one("SELECT @@GLOBAL.sql_mode");
        global.execute("SET GLOBAL sql_mode = '" + file.mode() + "'");
        try {
            FormsTrial trial = new FormsTrial(file, server, database, twin);
            int count = 0;
            for (FormsFile.Form form : file.forms()) {
                boolean isOfServer = form.servers().isEmpty() || form.servers().contains(label(server, database));
                if (isOfServer && (form.isQuick() || !WHICH.equals("quick"))) {
                    boolean isLate = form.isQuick() || count++ % 2 > 0;
                    String failure = trial.play(form, isLate ? Rules.IndexTime.AFTER_ROWS : Rules.IndexTime.WITH_ROWS);
                    if (!failure.isEmpty()) {
                        failures.add(server.kind().label() + ", " + file.name() + ": " + form.alter() + "\n" + failure);
                    }
                }
            }
        } finally {
            global.execute("SET GLOBAL sql_mode = '" + before + "'");
        }
    }
}

package io.crossfade.migrator.alter;

import io.crossfade.migrator.cutover.Limits;
import io.crossfade.migrator.ghost.Rules;
import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.testkit.SeededRandom;
import io.crossfade.testkit.ServerKind;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A table with rows, its twin, and an ALTER that the server takes. */
final class StressCase {
    private final SeededRandom random;
    private final AlterTrial trial;
    private final StressTable table;
    private final String alter;
    private @Nullable Status last;
    private volatile @Nullable Alteration running;

    private StressCase(SeededRandom random, AlterTrial trial, StressTable table, String alter) {
        this.random = random;
        this.trial = trial;
        this.table = table;
        this.alter = alter;
    }

    /** Makes the tables anew, with plain names. */
    static StressCase prepare(SeededRandom random, ServerKind server, AlterTrial trial) throws SQLException {
        return prepare(random, server, trial, StressNames.PLAIN, '`');
    }

    /**
     * The same with other names.
     *
     * @param quote what stands around names in the ALTER
     */
    static StressCase prepare(SeededRandom random, ServerKind server, AlterTrial trial, StressNames called, char quote)
            throws SQLException {
        for (String name :
                trial.column("SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()")) {
            trial.execute("DROP TABLE `" + name.replace("`", "``") + "`");
        }
        StressTable table = StressTable.any(random, server, called);
        trial.execute("SET SESSION sql_mode = 'STRICT_TRANS_TABLES'", table.create("t"), table.create("twin"));
        try (Connection connection = trial.connect()) {
            StressWriter.fill(connection, random, table, 1000 + random.nextInt(2000));
        }
        return new StressCase(random, trial, table, alter(random, server, trial, table, quote));
    }

    private static String alter(SeededRandom random, ServerKind server, AlterTrial trial, StressTable table, char quote)
            throws SQLException {
        String mode = StressMode.ofTwin(trial);
        while (true) {
            String alter = table.called().sql(StressAlter.any(random, table, server), quote);
            try {
                trial.execute("SET SESSION sql_mode = 'STRICT_TRANS_TABLES'", "DROP TABLE IF EXISTS probe");
                trial.execute(
                        "SET SESSION sql_mode = 'STRICT_TRANS_TABLES'",
                        table.create("probe"),
                        "SET SESSION sql_mode = '" + mode + "'",
                        "ALTER TABLE probe " + alter + ", ALGORITHM=COPY");
                return alter;
            } catch (SQLException e) {
                // The server has an objection of its own; another one, then.
                continue;
            } finally {
                trial.execute("DROP TABLE IF EXISTS probe");
            }
        }
    }

    /** Small chunks, often saved, so that there is much to go wrong. */
    void pace() {
        trial.rules = renamesApproved(random.pick(Rules.IndexTime.AFTER_ROWS, Rules.IndexTime.WITH_ROWS));
        trial.controls.chunkRows(random.nextInt(20, 200));
        trial.controls.applyRows(random.pick(20, 50, 300, 1000));
        trial.bounds = bounds(1 + random.nextInt(3));
    }

    static Bounds bounds(int copyThreads) {
        return Bounds.DEFAULT
                .withCopy(new Bounds.Copy(copyThreads, Duration.ofMillis(4)))
                .withRhythm(new Bounds.Rhythm(Duration.ofMillis(200), Duration.ofMillis(20)))
                .withCutOver(new Limits(Duration.ofMillis(1000), 60, Duration.ofMillis(500), false));
    }

    String alter() {
        return alter;
    }

    static Rules renamesApproved(Rules.IndexTime indexes) {
        return new Rules(
                Rules.Route.GHOST,
                true,
                false,
                false,
                false,
                false,
                false,
                false,
                false,
                "",
                false,
                false,
                false,
                false,
                false,
                null,
                false,
                Rules.Count.ESTIMATED,
                indexes,
                Rules.Trial.NONE);
    }

    /** Changes the table; goes on from where an earlier call was ended. */
    void change() throws SQLException {
        Alteration alteration =
                trial.alteration(new TableAlter(trial.table(table.called().of("t")), alter));
        running = alteration;
        try {
            alteration.run();
        } catch (SQLException | RuntimeException e) {
            last = alteration.status();
            throw e;
        } finally {
            running = null;
        }
    }

    /** Takes the change back, where that is possible; tells whether it was. */
    boolean revert() throws SQLException {
        // What comes back of these is not what went in: another text of the same document, and bytes that were added.
        if (alter.contains(" JSON") || alter.contains(" BINARY(10)")) {
            return false;
        }
        Alteration alteration =
                trial.alteration(new TableAlter(trial.table(table.called().of("t")), ""));
        if (!alteration.standings().get(0).isRevertible()) {
            return false;
        }
        running = alteration;
        try {
            alteration.revert();
            return true;
        } catch (SQLException | RuntimeException e) {
            last = alteration.status();
            throw e;
        } finally {
            running = null;
        }
    }

    private long backlog() {
        Alteration alteration = running;
        return alteration == null ? 0 : alteration.status().backlog();
    }

    StressWriters write(int sessions) {
        return new StressWriters(sessions, random.seed(), table, trial::connect, this::backlog);
    }

    void compare() throws SQLException {
        try (Connection connection = trial.connect()) {
            StressTwins.compare(connection, table, alter, StressMode.ofTwin(trial));
        }
    }

    void compareTakenBack() throws SQLException {
        try (Connection connection = trial.connect()) {
            StressTwins.compare(connection, table);
        }
    }

    @Override
    public String toString() {
        return table.create("t") + ";\n" + table.called().sql("ALTER TABLE t ") + alter
                + (last == null ? "" : "\n" + last);
    }
}

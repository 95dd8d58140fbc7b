package io.crossfade.migrator.lint;

import io.crossfade.dialect.Dialect;
import io.crossfade.migrator.ghost.TableChange;
import io.crossfade.migrator.mysql.Probes;
import io.crossfade.migrator.mysql.TablePartitions;
import io.crossfade.model.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * How long writers wait at the cut-over while the server exchanges the names of tables that are divided: it renames a file for each
 * partition, and once it has begun nothing ends it. What that takes is measured by the empty clone, there and back.
 */
final class NameExchange {

    /** Fewer files are not worth a measure. */
    private static final int FILES_MIN = 20;

    /** A tenth of a second is what a cut-over takes now and then anyway. */
    private static final Duration TOLD = Duration.ofMillis(100);

    /** Whom a whole second does not hurt says so. */
    private static final Duration REFUSED = Duration.ofSeconds(1);

    private final Connection connection;
    private final Dialect dialect;

    NameExchange(Connection connection, Dialect dialect) {
        this.connection = connection;
        this.dialect = dialect;
    }

    /**
     * Renames the clone twice, where both tables have many partitions.
     *
     * @param change whose ghost is an empty clone of this session
     */
    List<Finding> look(TableChange change) throws SQLException {
        int before = TablePartitions.files(connection, change.source().name());
        int after = TablePartitions.files(connection, change.ghost().name());
        if (before + after < FILES_MIN) {
            return List.of();
        }
        TableName clone = change.ghost().name();
        TableName other = new TableName(clone.schema(), Probes.renamed(clone.table()));
        long beganNanos = System.nanoTime();
        rename(clone, other);
        rename(other, clone);
        double perFile = (System.nanoTime() - beganNanos) / 2.0 / after;
        return judged(before + after, Duration.ofNanos((long) (perFile * (before + after))));
    }

    static List<Finding> judged(int files, Duration expected) {
        if (expected.compareTo(TOLD) < 0) {
            return List.of();
        }
        String seen = String.format(
                Locale.ROOT,
                "old and new table together have %d partitions: exchanging their names takes the server about %.1f s, in which"
                        + " whoever uses the table waits, and nothing ends it once it has begun",
                files,
                expected.toMillis() / 1000.0);
        return List.of(
                expected.compareTo(REFUSED) < 0
                        ? Finding.warn(
                                seen, "cut over at a time when that does no harm (--postpone-cut-over-flag-file)")
                        : Finding.refuse(
                                seen,
                                "divide the table into fewer partitions first; or take it upon yourself, at a time when it"
                                        + " does no harm (--accept-lint --postpone-cut-over-flag-file)"));
    }

    private void rename(TableName from, TableName to) throws SQLException {
        try (Statement s = connection.createStatement()) {
            s.execute("RENAME TABLE " + quoted(from) + " TO " + quoted(to));
        }
    }

    private String quoted(TableName table) {
        return dialect.quote(table.schema()) + "." + dialect.quote(table.table());
    }
}

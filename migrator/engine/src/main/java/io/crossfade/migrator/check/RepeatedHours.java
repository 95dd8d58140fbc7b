package io.crossfade.migrator.check;

import io.crossfade.migrator.chunk.KeyColumn;
import io.crossfade.model.Column;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * A TIMESTAMP in the primary key, in a time zone with summer time: two instants an hour apart have the same text in autumn. The rows are
 * walked by the texts of their keys, by the backfill and by the verification alike, so that both would pass over the same rows.
 */
final class RepeatedHours implements Check {

    /** A thousand instants over the range of TIMESTAMP from 1971 on, 24.5 days apart: no summer is so short. */
    private static final long FIRST_SECONDS = 31_536_000;

    private static final long STEP_SECONDS = 2_116_800;

    private static final String DIGITS = "(SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3"
            + " UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9)";

    private static final String INSTANTS = "(SELECT " + FIRST_SECONDS + " + " + STEP_SECONDS
            + " * (a.d + 10 * b.d + 100 * c.d) AS at FROM " + DIGITS + " a, " + DIGITS + " b, " + DIGITS + " c) i";

    /** The zone's name, and how many offsets from UTC it has. */
    private static final String OFFSETS = "SELECT IF(@@time_zone = 'SYSTEM', @@system_time_zone, @@time_zone),"
            + " COUNT(DISTINCT TIMESTAMPDIFF(SECOND, '1970-01-01', FROM_UNIXTIME(i.at)) - i.at) FROM " + INSTANTS;

    @Override
    public List<Finding> look(Subject subject) throws SQLException {
        List<Finding> findings = new ArrayList<>();
        for (KeyColumn each : subject.key().columns()) {
            boolean isInstant = subject.table()
                    .column(each.name())
                    .map(Column::baseType)
                    .filter("timestamp"::equals)
                    .isPresent();
            if (isInstant) {
                subject.read(OFFSETS, row -> {
                    if (Integer.parseInt(row.text(2)) > 1) {
                        findings.add(found(each.name(), row.text(1)));
                    }
                });
            }
        }
        return findings;
    }

    private static Finding found(String column, String zone) {
        return Finding.fatal(
                "the primary key has the TIMESTAMP column " + column + ", and the time zone " + zone
                        + " of the server's sessions changes its offset: keys within an hour that it repeats cannot be told apart,"
                        + " so rows would be passed over",
                "give the server a time_zone of one offset, such as +00:00, or the table another primary key");
    }
}

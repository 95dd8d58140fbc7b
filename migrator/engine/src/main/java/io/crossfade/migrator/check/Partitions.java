package io.crossfade.migrator.check;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A partition expression that names a column that goes away. */
final class Partitions implements Check {

    @Override
    public List<Finding> look(Subject subject) throws SQLException {
        List<Finding> findings = new ArrayList<>();
        subject.read(
                "SELECT DISTINCT PARTITION_EXPRESSION, SUBPARTITION_EXPRESSION FROM information_schema.PARTITIONS"
                        + " WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? AND PARTITION_NAME IS NOT NULL",
                row -> {
                    Set<String> columns = subject.named(row.text(1) + " " + row.text(2), subject.replaced());
                    if (!columns.isEmpty()) {
                        findings.add(Finding.fatal(
                                "the table is partitioned by " + String.join(", ", columns),
                                "another partitioning needs a ghost table, which this version does not make"));
                    }
                },
                subject.table().name().schema(),
                subject.table().name().table());
        return findings;
    }
}

package io.crossfade.migrator.check;

import io.crossfade.migrator.mysql.Index;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Indexes whose counterpart cannot be built while the table is written. */
final class Indexes implements Check {

    @Override
    public List<Finding> look(Subject subject) throws SQLException {
        List<Finding> findings = new ArrayList<>();
        Set<String> replaced = subject.replaced();
        for (Index index : Index.of(subject.connection(), subject.table().name())) {
            boolean holdsOld = index.parts().stream().anyMatch(p -> replaced.contains(p.column()));
            if (index.isPrimary() && holdsOld) {
                findings.add(Finding.fatal(
                        "a changing column is part of the primary key",
                        "another primary key is a table change: make it by crossfade alter"));
            } else if (holdsOld && !index.type().equals("BTREE")) {
                findings.add(Finding.fatal(
                        "index " + index.name() + " is " + index.type() + ", and building another blocks writes",
                        "drop it first, and make it anew on the new column when that may block"));
            }
        }
        if (subject.server().hasFunctionalIndexes()) {
            functional(subject, findings);
        }
        return findings;
    }

    private static void functional(Subject subject, List<Finding> findings) throws SQLException {
        subject.read(
                "SELECT INDEX_NAME, EXPRESSION FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = ?"
                        + " AND TABLE_NAME = ? AND EXPRESSION IS NOT NULL",
                row -> {
                    Set<String> columns = subject.named(row.text(2), subject.replaced());
                    if (!columns.isEmpty()) {
                        findings.add(Finding.fatal(
                                "index " + row.text(1) + " is of an expression over " + String.join(", ", columns),
                                "drop it first, and make it anew from the new column"));
                    }
                },
                subject.table().name().schema(),
                subject.table().name().table());
    }
}

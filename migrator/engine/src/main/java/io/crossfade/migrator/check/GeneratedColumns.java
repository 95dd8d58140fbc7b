package io.crossfade.migrator.check;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A generated column that is computed from a column that goes away. */
final class GeneratedColumns implements Check {

    @Override
    public List<Finding> look(Subject subject) throws SQLException {
        List<Finding> findings = new ArrayList<>();
        subject.read(
                "SELECT COLUMN_NAME, GENERATION_EXPRESSION FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ?"
                        + " AND TABLE_NAME = ? AND GENERATION_EXPRESSION <> ''",
                row -> {
                    Set<String> columns = subject.named(row.text(2), subject.replaced());
                    if (!columns.isEmpty()) {
                        findings.add(Finding.fatal(
                                "generated column " + row.text(1) + " is computed from " + String.join(", ", columns),
                                "drop it first, and make it anew from the new column"));
                    }
                },
                subject.table().name().schema(),
                subject.table().name().table());
        return findings;
    }
}

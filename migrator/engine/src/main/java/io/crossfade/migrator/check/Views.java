package io.crossfade.migrator.check;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A view that names a changing column would be written and read past the rewriting, and break at contract. */
final class Views implements Check {

    @Override
    public List<Finding> look(Subject subject) throws SQLException {
        List<Finding> findings = new ArrayList<>();
        subject.read(
                "SELECT TABLE_SCHEMA, TABLE_NAME, VIEW_DEFINITION FROM information_schema.VIEWS"
                        + " WHERE TABLE_SCHEMA NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema')",
                row -> {
                    Set<String> columns = subject.named(row.text(3), subject.replaced());
                    if (subject.namesTable(row.text(3)) && !columns.isEmpty()) {
                        findings.add(Finding.fatal(
                                "view " + row.text(1) + "." + row.text(2) + " names " + String.join(", ", columns)
                                        + " of the table, and what goes through a view is not rewritten",
                                "drop the view for the time of the change, or make it name other columns"));
                    }
                });
        return findings;
    }
}

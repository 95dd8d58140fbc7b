package io.crossfade.migrator.check;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** A procedure or function that names the table and a changing column runs its own SQL on the server, unrewritten. */
final class Routines implements Check {

    @Override
    public List<Finding> look(Subject subject) throws SQLException {
        List<Finding> findings = new ArrayList<>();
        subject.read(
                "SELECT ROUTINE_SCHEMA, ROUTINE_NAME, ROUTINE_TYPE, ROUTINE_DEFINITION FROM information_schema.ROUTINES"
                        + " WHERE ROUTINE_SCHEMA NOT IN ('mysql', 'sys')",
                row -> {
                    Set<String> columns = subject.named(row.text(4), subject.changing());
                    if (subject.namesTable(row.text(4)) && !columns.isEmpty()) {
                        findings.add(Finding.fatal(
                                row.text(3).toLowerCase(Locale.ROOT) + " " + row.text(1) + "." + row.text(2) + " names "
                                        + String.join(", ", columns) + " of the table, and a routine is not rewritten",
                                "drop it for the time of the change, or make it do without these columns"));
                    }
                });
        return findings;
    }
}

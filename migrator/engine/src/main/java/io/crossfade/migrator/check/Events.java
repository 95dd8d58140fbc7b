package io.crossfade.migrator.check;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** An event that names the table and a changing column runs on the server, unrewritten. */
final class Events implements Check {

    @Override
    public List<Finding> look(Subject subject) throws SQLException {
        List<Finding> findings = new ArrayList<>();
        subject.read(
                "SELECT EVENT_SCHEMA, EVENT_NAME, EVENT_DEFINITION FROM information_schema.EVENTS WHERE STATUS = 'ENABLED'",
                row -> {
                    Set<String> columns = subject.named(row.text(3), subject.changing());
                    if (subject.namesTable(row.text(3)) && !columns.isEmpty()) {
                        findings.add(Finding.fatal(
                                "event " + row.text(1) + "." + row.text(2) + " names " + String.join(", ", columns)
                                        + " of the table, and what an event does is not rewritten",
                                "disable the event for the time of the change, or make it do without these columns"));
                    }
                });
        return findings;
    }
}

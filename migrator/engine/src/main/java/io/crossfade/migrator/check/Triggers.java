package io.crossfade.migrator.check;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A trigger writes where no statement shows it: it may set one side and not the other. */
final class Triggers implements Check {

    @Override
    public List<Finding> look(Subject subject) throws SQLException {
        List<Finding> findings = new ArrayList<>();
        subject.read(
                "SELECT TRIGGER_NAME, ACTION_STATEMENT, EVENT_OBJECT_SCHEMA, EVENT_OBJECT_TABLE FROM information_schema.TRIGGERS",
                row -> {
                    boolean isOnTable = row.text(3)
                                    .equalsIgnoreCase(subject.table().name().schema())
                            && row.text(4)
                                    .equalsIgnoreCase(subject.table().name().table());
                    Set<String> columns =
                            subject.named(row.text(2), isOnTable ? subject.written() : subject.changing());
                    if (!columns.isEmpty() && (isOnTable || subject.namesTable(row.text(2)))) {
                        findings.add(
                                Finding.fatal(
                                        "trigger " + row.text(1) + " on " + row.text(3) + "." + row.text(4) + " names "
                                                + String.join(", ", columns)
                                                + ", and what a trigger does is not rewritten",
                                        "drop the trigger for the time of the change, or move what it does into the application"));
                    }
                });
        return findings;
    }
}

package io.crossfade.migrator.check;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A foreign key on a changing column, in either direction: its cascades write past every statement. */
final class ForeignKeys implements Check {

    @Override
    public List<Finding> look(Subject subject) throws SQLException {
        List<Finding> findings = new ArrayList<>();
        subject.read(
                "SELECT CONSTRAINT_NAME, TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, REFERENCED_TABLE_NAME,"
                        + " REFERENCED_COLUMN_NAME, REFERENCED_TABLE_SCHEMA FROM information_schema.KEY_COLUMN_USAGE"
                        + " WHERE REFERENCED_TABLE_NAME IS NOT NULL AND ((TABLE_SCHEMA = ? AND TABLE_NAME = ?)"
                        + " OR (REFERENCED_TABLE_SCHEMA = ? AND REFERENCED_TABLE_NAME = ?))",
                row -> {
                    boolean isChild = row.text(2)
                                    .equalsIgnoreCase(subject.table().name().schema())
                            && row.text(3)
                                    .equalsIgnoreCase(subject.table().name().table());
                    boolean isParent = row.text(7)
                                    .equalsIgnoreCase(subject.table().name().schema())
                            && row.text(5)
                                    .equalsIgnoreCase(subject.table().name().table());
                    Set<String> written = subject.written();
                    if (isChild && written.contains(row.text(4)) || isParent && written.contains(row.text(6))) {
                        findings.add(Finding.fatal(
                                "foreign key " + row.text(1) + " of " + row.text(2) + "." + row.text(3) + " ties "
                                        + row.text(4) + " to " + row.text(5) + "." + row.text(6)
                                        + ", and its checks and cascades do not know the new column",
                                "drop the foreign key for the time of the change and make it anew on the new column"));
                    }
                },
                subject.table().name().schema(),
                subject.table().name().table(),
                subject.table().name().schema(),
                subject.table().name().table());
        return findings;
    }
}

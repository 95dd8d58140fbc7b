package io.crossfade.migrator.check;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Privileges that are granted on a changing column do not follow to the new one. */
final class ColumnPrivileges implements Check {

    @Override
    public List<Finding> look(Subject subject) throws SQLException {
        List<Finding> findings = new ArrayList<>();
        subject.read(
                "SELECT GRANTEE, COLUMN_NAME, PRIVILEGE_TYPE FROM information_schema.COLUMN_PRIVILEGES"
                        + " WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?",
                row -> {
                    if (subject.written().contains(row.text(2))) {
                        findings.add(Finding.fatal(
                                row.text(1) + " has " + row.text(3) + " on column " + row.text(2)
                                        + " alone, and so could not use the new column",
                                "grant the privilege on the whole table"));
                    }
                },
                subject.table().name().schema(),
                subject.table().name().table());
        return findings;
    }
}

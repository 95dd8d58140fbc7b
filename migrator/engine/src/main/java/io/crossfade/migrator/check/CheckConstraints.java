package io.crossfade.migrator.check;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A CHECK constraint that names a column that goes away. */
final class CheckConstraints implements Check {

    private static final String MYSQL = "SELECT c.CONSTRAINT_NAME, c.CHECK_CLAUSE FROM"
            + " information_schema.CHECK_CONSTRAINTS c JOIN information_schema.TABLE_CONSTRAINTS t"
            + " ON t.CONSTRAINT_SCHEMA = c.CONSTRAINT_SCHEMA AND t.CONSTRAINT_NAME = c.CONSTRAINT_NAME"
            + " AND t.CONSTRAINT_TYPE = 'CHECK' WHERE t.TABLE_SCHEMA = ? AND t.TABLE_NAME = ?";

    private static final String MARIADB = "SELECT CONSTRAINT_NAME, CHECK_CLAUSE FROM"
            + " information_schema.CHECK_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = ? AND TABLE_NAME = ?";

    @Override
    public List<Finding> look(Subject subject) throws SQLException {
        List<Finding> findings = new ArrayList<>();
        if (!subject.server().hasCheckConstraints()) {
            return findings;
        }
        subject.read(
                subject.server().isMariaDb() ? MARIADB : MYSQL,
                row -> {
                    Set<String> columns = subject.named(row.text(2), subject.replaced());
                    if (!columns.isEmpty()) {
                        findings.add(Finding.fatal(
                                "CHECK constraint " + row.text(1) + " names " + String.join(", ", columns),
                                "drop it for the time of the change and make it anew on the new column"));
                    }
                },
                subject.table().name().schema(),
                subject.table().name().table());
        return findings;
    }
}

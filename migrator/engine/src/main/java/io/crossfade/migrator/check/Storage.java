package io.crossfade.migrator.check;

import io.crossfade.migrator.mysql.TableFacts;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether the table is of a kind whose rows are locked one by one. */
final class Storage implements Check {

    @Override
    public List<Finding> look(Subject subject) throws SQLException {
        List<Finding> findings = new ArrayList<>();
        Optional<TableFacts> facts =
                TableFacts.of(subject.connection(), subject.table().name());
        if (facts.isEmpty()) {
            return findings;
        }
        if (!facts.get().engine().equals("innodb")) {
            findings.add(Finding.fatal(
                    "the table is " + facts.get().engine() + ", which has no transactions", "make it InnoDB first"));
        }
        return findings;
    }
}

package io.crossfade.migrator.check;

import io.crossfade.migrator.mysql.Index;
import io.crossfade.migrator.mysql.TableFacts;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether the table is of a kind to which columns can be added instantly, and rows locked one by one. */
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
        boolean isCompressed = facts.get().rowFormat().equals("compressed");
        boolean hasFulltext = !subject.server().isMariaDb()
                && Index.of(subject.connection(), subject.table().name()).stream()
                        .anyMatch(i -> i.type().equals("FULLTEXT"));
        if (subject.server().addsInstantly() && (isCompressed || hasFulltext)) {
            findings.add(Finding.fatal(
                    "the table " + (isCompressed ? "is ROW_FORMAT=COMPRESSED" : "has a FULLTEXT index")
                            + ", to which no column is added instantly",
                    "that needs a ghost table, which this version does not make"));
        }
        return findings;
    }
}

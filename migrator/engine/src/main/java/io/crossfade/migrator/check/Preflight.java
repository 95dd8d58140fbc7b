package io.crossfade.migrator.check;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** All checks, those of the catalog before those that read rows. Immutable. */
public final class Preflight {

    private static final List<Check> OF_CATALOG = List.of(
            new OwnPrivileges(),
            new ServerModes(),
            new Twins(),
            new Storage(),
            new Views(),
            new Triggers(),
            new Routines(),
            new Events(),
            new ForeignKeys(),
            new GeneratedColumns(),
            new CheckConstraints(),
            new Indexes(),
            new Partitions(),
            new ColumnPrivileges(),
            new SelfUpdating(),
            new RepeatedHours(),
            new Comparability());

    private static final List<Check> OF_ROWS = List.of(new Rows(), new Uniqueness());

    private Preflight() {}

    /** What was found. The rows are looked at only where the catalog gives no reason to refuse. */
    public static List<Finding> run(Subject subject) throws SQLException {
        List<Finding> findings = new ArrayList<>();
        for (Check check : OF_CATALOG) {
            subject.cancel().check();
            findings.addAll(check.look(subject));
        }
        if (findings.stream().noneMatch(Finding::isFatal)) {
            for (Check check : OF_ROWS) {
                subject.cancel().check();
                findings.addAll(check.look(subject));
            }
        }
        return findings;
    }
}

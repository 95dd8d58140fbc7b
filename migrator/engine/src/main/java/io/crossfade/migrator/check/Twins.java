package io.crossfade.migrator.check;

import java.sql.SQLException;
import java.util.List;

/** A table whose name differs from the changing one's in case only: the rewriting would take one for the other. */
final class Twins implements Check {

    @Override
    public List<Finding> look(Subject subject) throws SQLException {
        List<String> names =
                subject.names("SELECT TABLE_NAME FROM information_schema.TABLES WHERE LOWER(TABLE_SCHEMA) ="
                        + " LOWER(?) AND LOWER(TABLE_NAME) = LOWER(?)");
        if (names.size() < 2) {
            return List.of();
        }
        return List.of(
                Finding.fatal("tables " + String.join(" and ", names) + " differ in case only", "rename one of them"));
    }
}

package io.crossfade.migrator.check;

import io.crossfade.dialect.SqlMode;
import io.crossfade.migrator.mysql.Server;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Settings of the server under which the statements that are made here would mean something else, or fail. */
final class ServerModes implements Check {

    @Override
    public List<Finding> look(Subject subject) throws SQLException {
        List<Finding> findings = new ArrayList<>();
        String sqlMode = Server.variable(subject.connection(), "sql_mode");
        if (sqlMode != null && SqlMode.of(sqlMode).simultaneousAssignment()) {
            findings.add(Finding.fatal(
                    "the server's sql_mode has SIMULTANEOUS_ASSIGNMENT, under which SET lists mean something else",
                    "take it out of the global sql_mode"));
        }
        boolean hasLog = "ON".equals(Server.variable(subject.connection(), "log_bin"));
        if (hasLog && "STATEMENT".equals(Server.variable(subject.connection(), "binlog_format"))) {
            findings.add(Finding.fatal(
                    "binlog_format is STATEMENT, which does not allow the READ COMMITTED that the backfill runs under",
                    "set binlog_format to ROW"));
        }
        return findings;
    }
}

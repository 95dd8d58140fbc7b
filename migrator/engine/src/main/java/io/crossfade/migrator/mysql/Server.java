package io.crossfade.migrator.mysql;

import io.crossfade.dialect.MySqlDialect;
import io.crossfade.model.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * What a server can do, by its version. Immutable.
 *
 * @param tellsCase whether {@code T} and {@code t} are two tables, as where {@code lower_case_table_names} is 0
 */
public record Server(MySqlDialect dialect, boolean tellsCase) {

    /** SHOW BINARY LOG STATUS came with MySQL 8.2; 8.4 forgot the older words. */
    private static final int LOG_STATUS_SINCE = 80200;

    /** Asks the server. */
    public static Server of(Connection connection) throws SQLException {
        return new Server(
                MySqlDialect.of(text(connection, "SELECT VERSION()")),
                text(connection, "SELECT @@lower_case_table_names").equals("0"));
    }

    /** Whether two spellings name the same table. */
    public boolean isSame(TableName one, TableName other) {
        return isSame(one.schema(), other.schema()) && isSame(one.table(), other.table());
    }

    /** Whether two spellings of a database or of a bare table name are one. */
    public boolean isSame(String one, String other) {
        return tellsCase ? one.equals(other) : one.equalsIgnoreCase(other);
    }

    /** Whether a column can be added without touching the rows. */
    public boolean addsInstantly() {
        return since(80012, 100302);
    }

    /** Whether an instantly added column may stand anywhere, not only at the end. */
    public boolean addsInstantlyAnywhere() {
        return since(80029, 100400);
    }

    /** Whether a column can be dropped without touching the rows. */
    public boolean dropsInstantly() {
        return since(80029, 100400);
    }

    public boolean hasInvisibleColumns() {
        return since(80023, 100303);
    }

    public boolean renamesIndexes() {
        return since(50700, 100502);
    }

    /** Whether CHECK constraints are kept and listed. */
    public boolean hasCheckConstraints() {
        return since(80016, 100222);
    }

    /** Whether an index may be of an expression. */
    public boolean hasFunctionalIndexes() {
        return !isMariaDb() && dialect.version() >= 80013;
    }

    /** Whether a session may rename the tables that it has locked; others need one that waits for the lock meanwhile. */
    public boolean renamesUnderLock() {
        return !isMariaDb() && dialect.version() >= 80015;
    }

    /** Whether files are listed under the names of their tables; others list them as the file system has them, in another table. */
    boolean namesFilesPlainly() {
        return !isMariaDb() && dialect.version() >= 80000;
    }

    /** The statement that tells where the change log ends, and which databases it leaves out. */
    public String logStatus() {
        return isMariaDb() || dialect.version() < LOG_STATUS_SINCE ? "SHOW MASTER STATUS" : "SHOW BINARY LOG STATUS";
    }

    public boolean isMariaDb() {
        return dialect.isMariaDb();
    }

    /** The value of a global variable; null where the server has none of this name. */
    public static @Nullable String variable(Connection connection, String name) throws SQLException {
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery("SHOW GLOBAL VARIABLES LIKE '" + name + "'")) {
            return r.next() ? r.getString(2) : null;
        }
    }

    private boolean since(int mySql, int mariaDb) {
        return dialect.version() >= (isMariaDb() ? mariaDb : mySql);
    }

    private static String text(Connection connection, String sql) throws SQLException {
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery(sql)) {
            r.next();
            return r.getString(1);
        }
    }
}

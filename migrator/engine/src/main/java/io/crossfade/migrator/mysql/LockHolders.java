package io.crossfade.migrator.mysql;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Who may be holding a metadata lock: the transactions that have been open the longest. */
final class LockHolders {

    /** Metadata locks are held by transactions; the oldest are the likeliest. */
    private static final String OLDEST =
            "SELECT t.trx_mysql_thread_id, p.USER, p.HOST, TIMESTAMPDIFF(SECOND, t.trx_started, NOW())"
                    + " FROM information_schema.INNODB_TRX t JOIN information_schema.PROCESSLIST p"
                    + " ON p.ID = t.trx_mysql_thread_id WHERE t.trx_mysql_thread_id <> CONNECTION_ID()"
                    + " ORDER BY t.trx_started LIMIT 3";

    private LockHolders() {}

    /** For the end of a message: empty where nobody is seen, or the user may not look. */
    static String shown(Connection connection) {
        List<String> holders = new ArrayList<>();
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery(OLDEST)) {
            while (r.next()) {
                holders.add("connection " + r.getLong(1) + " (" + r.getString(2) + "@" + r.getString(3) + ", "
                        + r.getLong(4) + " s)");
            }
        } catch (SQLException e) {
            return " (who holds it is not to be seen: " + e.getMessage() + ")";
        }
        return holders.isEmpty() ? "" : "; the oldest open transactions: " + String.join(", ", holders);
    }
}

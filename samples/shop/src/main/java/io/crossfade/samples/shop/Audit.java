package io.crossfade.samples.shop;

import io.crossfade.samples.shop.app.CodeVersion;
import io.crossfade.samples.shop.app.Orders;
import io.crossfade.samples.shop.app.SchemaChange;
import io.crossfade.samples.shop.app.Users;
import io.crossfade.samples.shop.traffic.Clerk;
import io.crossfade.samples.shop.traffic.Ledger;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Compares every row of the tables with the ledgers, once nobody works any more and no driver of ours stands between.
 *
 * @param rows rows that are in the tables or in a ledger
 * @param lost rows that are missing, or hold another value than was acknowledged last
 * @param appeared rows that nobody wrote
 * @param disturbed rows whose {@code updated_at} moved although nobody wrote them
 * @param examples the first of each, in words
 */
record Audit(long rows, long lost, long appeared, long disturbed, List<String> examples) {
    private static final int EXAMPLES_MAX = 10;

    Audit {
        examples = List.copyOf(examples);
    }

    /** Compares both tables, whose columns are those that this version of the code names. */
    static Audit of(Connection connection, CodeVersion code, List<Clerk> clerks) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET time_zone = '+00:00'");
        }
        Orders orders = new Orders(code);
        Users users = new Users(code);
        boolean knowsLogin = code.knows(SchemaChange.LAST_LOGIN);
        Count count = new Count();
        count.table(connection, "orders", orders::read, order -> order, ledgers(clerks, clerk -> clerk.orders()
                .rows()));
        count.table(
                connection,
                "users",
                users::read,
                user -> knowsLogin ? user : user.withLastLoginAt(null),
                ledgers(clerks, Clerk::users));
        return new Audit(count.rows, count.lost, count.appeared, count.disturbed, count.examples);
    }

    private static <R> List<Ledger<R>> ledgers(List<Clerk> clerks, Function<Clerk, Ledger<R>> ledger) {
        return clerks.stream().map(ledger).toList();
    }

    @FunctionalInterface
    private interface Reader<R> {
        R read(ResultSet row) throws SQLException;
    }

    /** The figures while they grow. Confined to one audit. */
    private static final class Count {
        private final List<String> examples = new ArrayList<>();
        private long rows;
        private long lost;
        private long appeared;
        private long disturbed;

        private <R> void table(
                Connection connection, String table, Reader<R> reader, Function<R, R> known, List<Ledger<R>> ledgers)
                throws SQLException {
            Map<Long, Ledger<R>> ledgerOfId = new HashMap<>();
            ledgers.forEach(ledger -> ledger.ids().forEach(id -> ledgerOfId.put(id, ledger)));
            String sql = "SELECT t.*, CAST(t.updated_at AS CHAR) AS stamp FROM " + table + " t";
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(sql)) {
                while (row.next()) {
                    rows++;
                    long id = row.getLong("id");
                    Ledger<R> ledger = ledgerOfId.remove(id);
                    R expected = ledger == null ? null : ledger.get(id);
                    R seen = reader.read(row);
                    if (ledger == null || expected == null) {
                        appeared++;
                        example(table + " " + id + " is in the table, and nobody wrote it: " + seen);
                    } else if (!known.apply(expected).equals(seen)) {
                        lost++;
                        example(table + " " + id + " should be " + known.apply(expected) + " and is " + seen);
                    } else if (!ledger.isTouched(id) && !ShopSchema.LOADED_AT.equals(row.getString("stamp"))) {
                        disturbed++;
                        example(table + " " + id + " was written by nobody, yet updated_at moved to "
                                + row.getString("stamp"));
                    }
                }
            }
            rows += ledgerOfId.size();
            lost += ledgerOfId.size();
            ledgerOfId.forEach((id, ledger) -> example(table + " " + id + " is gone; it was " + ledger.get(id)));
        }

        private void example(String text) {
            if (examples.size() < EXAMPLES_MAX) {
                examples.add(text);
            }
        }
    }
}

package io.crossfade.migrator.check;

import io.crossfade.dialect.Dialect;
import io.crossfade.dialect.Sides;
import io.crossfade.migrator.mysql.Index;
import io.crossfade.migrator.mysql.Mirror;
import io.crossfade.model.Fact;
import io.crossfade.model.Mapping;
import io.crossfade.model.NewColumn;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Rows whose new values would break a unique index, or the stated fact that up is injective. */
final class Uniqueness implements Check {

    @Override
    public List<Finding> look(Subject subject) throws SQLException {
        List<Finding> findings = new ArrayList<>();
        List<Index> indexes = Index.of(subject.connection(), subject.table().name());
        for (Mirror.Pair pair : new Mirror(subject.change(), indexes).pairs()) {
            boolean isComputed = pair.counterpart().parts().stream().anyMatch(p -> subject.change()
                    .ofNew(p.column())
                    .filter(m -> !m.isIdentity())
                    .isPresent());
            if (pair.old().isUnique() && isComputed) {
                List<String> values = pair.counterpart().parts().stream()
                        .map(p -> value(subject, p.column()))
                        .toList();
                groups(subject, values, "unique index " + pair.old().name(), findings);
            }
        }
        for (Mapping mapping : subject.change().mappings()) {
            if (mapping.facts().contains(Fact.INJECTIVE)) {
                injective(subject, mapping, findings);
            }
        }
        return findings;
    }

    private static String value(Subject subject, String column) {
        Dialect dialect = subject.server().dialect();
        UnaryOperator<String> quoted = Sides.quoted(dialect, "");
        Optional<Mapping> mapping = subject.change().ofNew(column);
        if (mapping.isEmpty()) {
            return quoted.apply(column);
        }
        Sides sides = new Sides(dialect, mapping.get(), subject.table());
        NewColumn target = mapping.get().news().stream()
                .filter(n -> n.name().equalsIgnoreCase(column))
                .findFirst()
                .orElseThrow();
        String up = sides.up(target, quoted);
        String stored = dialect.cast(up, sides.newColumn(target));
        return stored == null ? up : stored;
    }

    private static void groups(Subject subject, List<String> values, String what, List<Finding> findings)
            throws SQLException {
        String list = String.join(", ", values);
        String noNull = values.stream().map(v -> v + " IS NOT NULL").collect(Collectors.joining(" AND "));
        String sql = "SELECT COUNT(*), SUM(n) FROM (SELECT COUNT(*) AS n FROM " + subject.quotedTable() + " WHERE "
                + noNull + " GROUP BY " + list + " HAVING COUNT(*) > 1) AS g";
        try (Statement s = subject.connection().createStatement();
                ResultSet r = s.executeQuery(sql)) {
            r.next();
            if (r.getLong(1) > 0) {
                findings.add(Finding.fatal(
                        r.getLong(2) + " rows share " + r.getLong(1) + " new values, which breaks " + what
                                + ", among them " + String.join("; ", examples(subject, list, noNull)),
                        "mend these rows, or let up keep them apart"));
            }
        }
    }

    private static List<String> examples(Subject subject, String list, String noNull) throws SQLException {
        List<String> keys = new ArrayList<>();
        String first = subject.key().columns().stream()
                .map(c -> "CAST(MIN(" + subject.server().dialect().quote(c.name()) + ") AS CHAR)")
                .collect(Collectors.joining(", "));
        try (Statement s = subject.connection().createStatement();
                ResultSet r = s.executeQuery("SELECT " + first + " FROM " + subject.quotedTable() + " WHERE " + noNull
                        + " GROUP BY " + list + " HAVING COUNT(*) > 1 LIMIT 5")) {
            while (r.next()) {
                List<String> parts = new ArrayList<>();
                for (int i = 0; i < subject.key().columns().size(); i++) {
                    parts.add(subject.key().columns().get(i).name() + "=" + r.getString(i + 1));
                }
                keys.add(String.join(", ", parts));
            }
        }
        return keys;
    }

    /** Two different old values give one new value. */
    private static void injective(Subject subject, Mapping mapping, List<Finding> findings) throws SQLException {
        Dialect dialect = subject.server().dialect();
        List<String> ups =
                mapping.news().stream().map(n -> value(subject, n.name())).toList();
        String olds = mapping.olds().stream()
                .map(o -> "CAST(" + dialect.quote(o.name()) + " AS BINARY)")
                .collect(Collectors.joining(", "));
        String noNull = ups.stream().map(v -> v + " IS NOT NULL").collect(Collectors.joining(" AND "));
        String sql = "SELECT COUNT(*) FROM (SELECT 1 FROM " + subject.quotedTable() + " WHERE " + noNull + " GROUP BY "
                + String.join(", ", ups) + " HAVING COUNT(DISTINCT " + olds + ") > 1) AS g";
        try (Statement s = subject.connection().createStatement();
                ResultSet r = s.executeQuery(sql)) {
            r.next();
            if (r.getLong(1) > 0) {
                findings.add(Finding.fatal(
                        r.getLong(1) + " new values of \""
                                + mapping.news().get(0).name()
                                + "\" come from more than one old value, and up is stated to be injective",
                        "take the fact injective out of the change file"));
            }
        }
    }
}

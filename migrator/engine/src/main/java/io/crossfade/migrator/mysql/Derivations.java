package io.crossfade.migrator.mysql;

import io.crossfade.dialect.Dialect;
import io.crossfade.migrator.ghost.ColumnPair;
import io.crossfade.migrator.ghost.Derived;
import io.crossfade.model.Column;
import io.crossfade.model.Table;
import io.crossfade.model.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Finds what the server computes by itself in the rows of a table and its ghost. Immutable. */
final class Derivations {
    private static final Set<String> UTC = Set.of("+00:00", "-00:00", "UTC", "Etc/UTC");

    private static final Pattern NAME = Pattern.compile("`((?:[^`]|``)+)`");
    private static final Pattern COLUMN = Pattern.compile("^\\s*`((?:[^`]|``)+)` (.*)$", Pattern.DOTALL);
    private static final Pattern STRING = Pattern.compile("'(?:[^'\\\\]|''|\\\\.)*'", Pattern.DOTALL);

    /** What gives another result in another zone, whatever it is given. */
    private static final Pattern CLOCK = Pattern.compile(
            "\\b(now|curdate|curtime|sysdate|localtime\\w*|current_\\w+|from_unixtime|unix_timestamp)\\b",
            Pattern.CASE_INSENSITIVE);

    private final Connection connection;
    private final Dialect dialect;
    private final Table source;
    private final Table ghost;

    Derivations(Connection connection, Dialect dialect, Table source, Table ghost) {
        this.connection = connection;
        this.dialect = dialect;
        this.source = source;
        this.ghost = ghost;
    }

    /**
     * Looks.
     *
     * @param pairs the columns that are copied
     * @param computed those of {@link #alike}
     */
    Derived of(List<ColumnPair> pairs, List<ColumnPair> computed) throws SQLException {
        boolean isUtc = isUtc();
        Map<String, Expression> after = computed.isEmpty() ? Map.of() : expressions(ghost.name());
        return new Derived(
                computed.stream().filter(p -> isStored(after, p.ghost())).toList(),
                !isUtc && readsZone(source, names(pairs, ColumnPair::source)),
                !isUtc && readsZone(ghost, names(pairs, ColumnPair::ghost)));
    }

    private static boolean isStored(Map<String, Expression> expressions, Column column) {
        Expression expression = expressions.get(lower(column.name()));
        return expression != null && expression.isStored();
    }

    private static Set<String> names(List<ColumnPair> pairs, Function<ColumnPair, Column> side) {
        return pairs.stream().map(side).map(c -> lower(c.name())).collect(Collectors.toSet());
    }

    /** In UTC everything is right already, and images need no way round. */
    private boolean isUtc() throws SQLException {
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery(
                        "SELECT IF(@@GLOBAL.time_zone = 'SYSTEM', @@system_time_zone, @@GLOBAL.time_zone)")) {
            r.next();
            return UTC.contains(r.getString(1));
        }
    }

    /**
     * Those whose expression is the same on both sides, over columns whose values are.
     *
     * @param pairs the columns that are copied
     * @param generated columns of the source, and those that become of them, which the server computes
     */
    List<ColumnPair> alike(List<ColumnPair> pairs, List<ColumnPair> generated) throws SQLException {
        if (generated.isEmpty()) {
            return List.of();
        }
        Map<String, Expression> before = expressions(source.name());
        Map<String, Expression> after = expressions(ghost.name());
        Set<String> same = pairs.stream()
                .filter(p -> p.isSameType()
                        && p.source().name().equalsIgnoreCase(p.ghost().name()))
                .map(p -> lower(p.ghost().name()))
                .collect(Collectors.toCollection(HashSet::new));
        List<ColumnPair> found = new ArrayList<>();
        List<ColumnPair> left = new ArrayList<>(generated);
        // One generated column may be computed from another, in any order.
        boolean isMore = true;
        while (isMore) {
            isMore = left.removeIf(pair -> {
                Expression expression = after.get(lower(pair.ghost().name()));
                if (expression == null) {
                    return false;
                }
                boolean isSame = pair.isSameType()
                        && pair.source().name().equalsIgnoreCase(pair.ghost().name())
                        && expression.equals(before.get(lower(pair.source().name())))
                        && same.containsAll(expression.columns());
                if (isSame) {
                    same.add(lower(pair.ghost().name()));
                    found.add(pair);
                }
                return isSame;
            });
        }
        return found;
    }

    /** How a generated column is computed. */
    private record Expression(String text, boolean isStored) {

        Set<String> columns() {
            return NAME.matcher(STRING.matcher(text).replaceAll("''"))
                    .results()
                    .map(m -> lower(m.group(1).replace("``", "`")))
                    .collect(Collectors.toSet());
        }
    }

    private Map<String, Expression> expressions(TableName table) throws SQLException {
        Map<String, Expression> found = new HashMap<>();
        try (PreparedStatement s =
                connection.prepareStatement("SELECT COLUMN_NAME, GENERATION_EXPRESSION, EXTRA LIKE '%STORED%' FROM"
                        + " information_schema.COLUMNS WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?"
                        + " AND GENERATION_EXPRESSION <> ''")) {
            s.setString(1, table.schema());
            s.setString(2, table.table());
            try (ResultSet r = s.executeQuery()) {
                while (r.next()) {
                    found.put(lower(r.getString(1)), new Expression(r.getString(2), r.getBoolean(3)));
                }
            }
        }
        return found;
    }

    /**
     * Whether a row that is written depends on the session's time zone.
     *
     * @param filled the columns that get their values from the other side
     */
    private boolean readsZone(Table table, Set<String> filled) throws SQLException {
        List<String> timeStamps = table.columns().stream()
                .filter(c -> c.baseType().equals("timestamp"))
                .map(c -> lower(dialect.quote(c.name())))
                .toList();
        for (String line : definition(table.name())) {
            String looked = lower(computed(STRING.matcher(line).replaceAll("''"), filled));
            if (CLOCK.matcher(looked).find() || timeStamps.stream().anyMatch(looked::contains)) {
                return true;
            }
        }
        return false;
    }

    private List<String> definition(TableName table) throws SQLException {
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery(
                        "SHOW CREATE TABLE " + dialect.quote(table.schema()) + "." + dialect.quote(table.table()))) {
            r.next();
            String create = r.getString(2);
            int end = create.lastIndexOf("\n)");
            return List.of(create.substring(0, end < 0 ? create.length() : end).split("\n"));
        }
    }

    /** The part of a line that the server computes when a row is written. */
    private static String computed(String line, Set<String> filled) {
        Matcher column = COLUMN.matcher(line);
        if (!column.matches()) {
            return line.contains("((") || line.contains("CHECK (") ? line : "";
        }
        String rest = column.group(2);
        boolean isFilled = filled.contains(lower(column.group(1).replace("``", "`"))) && !rest.contains(" AS (");
        int check = rest.indexOf(" CHECK (");
        return isFilled ? check < 0 ? "" : rest.substring(check) : rest;
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}

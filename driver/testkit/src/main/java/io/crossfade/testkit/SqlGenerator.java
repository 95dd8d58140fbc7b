package io.crossfade.testkit;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Random statements over one table, as applications write them: every verb, literals and parameter marks, bare and qualified
 * names, comments, odd case. What they name is given by a {@link Shape}; the same seed gives the same statements.
 *
 * <p>One thread at a time.
 */
public final class SqlGenerator {

    /**
     * What the statements are about.
     *
     * @param table the table; it has the columns id BIGINT primary key, qty INT and note VARCHAR(40) besides
     * @param columns the columns that matter
     * @param other a second table with the columns id BIGINT and title VARCHAR(40), joined to at times
     */
    public record Shape(String table, List<Field> columns, String other) {}

    /**
     * A column and what it may hold.
     *
     * @param values SQL literals, NULL among them where it may be
     * @param isText whether text functions apply to it
     */
    public record Field(String name, List<String> values, boolean isText) {}

    /**
     * One statement.
     *
     * @param sql the text
     * @param parameters the values of its parameter marks, as SQL literals without quotes; null for NULL
     * @param isQuery whether it gives rows
     * @param isOrdered whether the order of its rows is fixed
     */
    public record Statement(String sql, List<@Nullable String> parameters, boolean isQuery, boolean isOrdered) {}

    /** Keys are drawn from so few that statements meet the same rows over and over. */
    private static final int KEYS = 12;

    private final SeededRandom random;
    private final Shape shape;
    private final List<@Nullable String> parameters = new ArrayList<>();

    public SqlGenerator(SeededRandom random, Shape shape) {
        this.random = random;
        this.shape = shape;
    }

    /** The next statement. */
    public Statement next() {
        parameters.clear();
        boolean query = random.chance(45);
        boolean ordered = query && random.chance(50);
        String sql = query ? query(ordered) : write();
        return new Statement(sql, new ArrayList<>(parameters), query, ordered);
    }

    private String write() {
        return switch (random.nextInt(12)) {
            case 0, 1 -> "INSERT INTO " + table() + columns() + " VALUES " + rows() + upsert();
            case 2 -> "INSERT IGNORE INTO " + table() + columns() + " VALUES " + rows();
            case 3 -> "REPLACE INTO " + table() + columns() + " VALUES " + rows();
            case 4 ->
                (random.chance(50) ? "INSERT IGNORE " : "REPLACE ") + table() + " SET id = " + key() + ", "
                        + assignments();
            case 5 -> "INSERT INTO " + table() + " (id, qty) VALUES (" + key() + ", 1)" + upsert();
            case 6, 7, 8, 9 -> "UPDATE " + comment() + table() + " SET " + assignments() + where() + tail();
            case 10 -> "DELETE FROM " + table() + where() + tail();
            default -> "UPDATE " + table() + " SET qty = qty + 1" + where();
        };
    }

    private int chosen;

    private String columns() {
        chosen = random.nextInt(shape.columns().size() + 1);
        StringBuilder list = new StringBuilder(" (id, qty");
        for (int i = 0; i < chosen; i++) {
            list.append(", ").append(name(shape.columns().get(i)));
        }
        return list.append(")").toString();
    }

    private String rows() {
        List<String> rows = new ArrayList<>();
        int count = 1 + random.nextInt(3);
        for (int r = 0; r < count; r++) {
            StringBuilder row = new StringBuilder("(" + key() + ", " + random.nextInt(100));
            for (int i = 0; i < chosen; i++) {
                Field field = shape.columns().get(i);
                row.append(", ").append(random.chance(8) ? "DEFAULT" : value(field));
            }
            rows.add(row.append(")").toString());
        }
        return String.join(", ", rows);
    }

    private String upsert() {
        if (random.chance(35)) {
            return "";
        }
        Field field = random.pick(shape.columns());
        String value =
                switch (random.nextInt(3)) {
                    case 0 -> value(field);
                    case 1 -> chosen > 0 ? "VALUES(" + field.name() + ")" : value(field);
                    default -> field.isText() ? "COALESCE(" + field.name() + ", " + value(field) + ")" : value(field);
                };
        return " ON DUPLICATE KEY UPDATE qty = qty + 1, " + field.name() + " = " + value;
    }

    private String assignments() {
        List<String> list = new ArrayList<>();
        if (random.chance(30)) {
            list.add("qty = " + random.nextInt(100));
        }
        Field field = random.pick(shape.columns());
        list.add(name(field) + " = " + assigned(field));
        if (random.chance(20)) {
            list.add("note = 'n" + random.nextInt(9) + "'");
        }
        if (random.chance(10)) {
            list.add(name(field) + " = " + value(field));
        }
        return String.join(", ", list);
    }

    private String assigned(Field field) {
        return switch (random.nextInt(8)) {
            case 0 ->
                "CASE WHEN id > " + random.nextInt(KEYS) + " THEN " + value(field) + " ELSE " + field.name() + " END";
            case 1 -> field.name();
            case 2 -> "COALESCE(" + field.name() + ", " + value(field) + ")";
            case 3 -> random.chance(30) ? "DEFAULT" : value(field);
            default -> value(field);
        };
    }

    private String query(boolean ordered) {
        Field field = random.pick(shape.columns());
        String f = name(field);
        String order = ordered ? " ORDER BY id" + (random.chance(30) ? " DESC" : "") : "";
        String t = table();
        return switch (random.nextInt(17)) {
            case 12 -> "SELECT DISTINCT(" + f + ") FROM " + t + where() + (ordered ? " ORDER BY (" + f + ")" : "");
            case 13 ->
                "SELECT id, " + f + " FROM " + t + where()
                        + (ordered ? " ORDER BY " + f + " IS NULL, CONCAT(" + f + ", '') DESC, id" : "");
            case 14 ->
                "SELECT " + f + ", COUNT(*) FROM " + t + " GROUP BY " + f + " HAVING MAX(" + f + ") > " + value(field)
                        + " OR COUNT(" + f + ") > 1" + (ordered ? " ORDER BY MAX(" + f + ")" : "");
            case 15 ->
                "SELECT title FROM " + shape.other() + " WHERE title <> ALL (SELECT " + f + " FROM " + t + " WHERE " + f
                        + " IS NOT NULL)" + (ordered ? " ORDER BY title" : "");
            case 16 -> "SELECT HIGH_PRIORITY " + f + ", id FROM " + t + where() + order + " LOCK IN SHARE MODE";
            case 0 -> "SELECT * FROM " + t + where() + order;
            case 1 -> "SELECT id, " + f + " FROM " + t + where() + order;
            case 2 -> "SELECT id, " + f + " AS x, " + comment() + "qty FROM " + t + where() + order;
            case 3 -> "SELECT COALESCE(" + field.name() + ", 'none'), id FROM " + t + where() + order;
            case 4 -> "SELECT " + f + ", COUNT(*) FROM " + t + where() + " GROUP BY " + f + groupOrder(f, ordered);
            case 5 ->
                "SELECT i.id, i." + f + ", o.title FROM " + t + " i LEFT JOIN " + shape.other() + " o ON o.id = i.id"
                        + (ordered ? " ORDER BY i.id" : "");
            case 6 ->
                "SELECT x.id, x." + field.name() + " FROM (SELECT id, " + f + " FROM " + t + where() + ") x"
                        + (ordered ? " ORDER BY x.id" : "");
            case 7 -> "SELECT COUNT(*) FROM " + t + where();
            case 8 ->
                "SELECT title FROM " + shape.other() + " c WHERE EXISTS (SELECT 1 FROM " + t + " WHERE " + t
                        + ".id = c.id AND " + predicate() + ")" + (ordered ? " ORDER BY title" : "");
            case 9 -> "SELECT " + shape.table() + ".* FROM " + t + where() + order;
            case 10 ->
                "SELECT id, " + f + " FROM " + t + where() + " UNION ALL SELECT id, title FROM " + shape.other()
                        + (ordered ? " ORDER BY id, 2" : "");
            default -> "SELECT DISTINCT " + f + " FROM " + t + where() + (ordered ? " ORDER BY " + f : "");
        };
    }

    private String groupOrder(String f, boolean ordered) {
        String having = random.chance(20) ? " HAVING COUNT(*) > 0" : "";
        return having + (ordered ? " ORDER BY " + f : "");
    }

    private String where() {
        return random.chance(15) ? "" : " WHERE " + predicate();
    }

    private String predicate() {
        Field field = random.pick(shape.columns());
        String f = name(field);
        return switch (random.nextInt(8)) {
            case 0, 1 -> "id = " + key();
            case 2 -> "id IN (" + key() + ", " + key() + ")";
            case 3 -> f + " = " + value(field);
            case 4 -> f + " IS " + (random.chance(50) ? "NOT " : "") + "NULL";
            case 5 -> f + " IN (" + value(field) + ", " + value(field) + ")";
            case 6 -> f + " <> " + value(field) + " AND id > " + random.nextInt(KEYS);
            default -> "(" + f + " >= " + value(field) + " OR qty < " + random.nextInt(100) + ")";
        };
    }

    private String tail() {
        return random.chance(20) ? " ORDER BY id LIMIT " + (1 + random.nextInt(4)) : "";
    }

    private String key() {
        String key = Integer.toString(1 + random.nextInt(KEYS));
        return random.chance(40) ? parameter(key) : key;
    }

    private String value(Field field) {
        String literal = random.pick(field.values());
        if (random.chance(50)) {
            if (literal.equals("NULL")) {
                return parameter(null);
            }
            boolean quoted = literal.startsWith("'");
            return parameter(quoted ? literal.substring(1, literal.length() - 1).replace("''", "'") : literal);
        }
        return literal;
    }

    private String parameter(@Nullable String value) {
        parameters.add(value);
        return "?";
    }

    private String name(Field field) {
        return switch (random.nextInt(6)) {
            case 0 -> "`" + field.name() + "`";
            case 1 -> field.name().toUpperCase(java.util.Locale.ROOT);
            default -> field.name();
        };
    }

    private String table() {
        return random.chance(20) ? "`" + shape.table() + "`" : shape.table();
    }

    private String comment() {
        return random.chance(15) ? "/* " + shape.columns().get(0).name() + " ' */ " : "";
    }
}

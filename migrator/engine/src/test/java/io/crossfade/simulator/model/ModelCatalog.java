package io.crossfade.simulator.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Answers what is asked of the server itself: its version, sessions, named locks, and the catalog. */
final class ModelCatalog {

    private static final String SCHEMA = "shop";
    private static final String VERSION = "8.0.35";

    private final ModelServer server;
    private final boolean showsAttributes;

    ModelCatalog(ModelServer server, boolean showsAttributes) {
        this.server = server;
        this.showsAttributes = showsAttributes;
    }

    /** The answer; null where the text is a statement on tables. */
    @Nullable
    Result answer(ModelSession session, String text, @Nullable Object[] parameters) {
        if (text.startsWith("SET SESSION ")) {
            return Result.count(0);
        }
        if (text.startsWith("KILL ")) {
            return kill(text, parameters);
        }
        if (text.startsWith("SHOW GRANTS")) {
            return Result.one("Grants", "GRANT ALL PRIVILEGES ON *.* TO `m`@`%`");
        }
        if (text.equals("XA RECOVER")) {
            return rows("data", List.of());
        }
        if (text.contains("_schema.")) {
            return catalog(text, parameters);
        }
        if (!text.startsWith("SELECT ") || text.contains(" FROM ")) {
            return null;
        }
        if (text.startsWith("SELECT CONNECTION_ID(), DATABASE()")) {
            List<@Nullable Object[]> rows = new ArrayList<>();
            rows.add(new Object[] {session.id(), SCHEMA, "STRICT_TRANS_TABLES"});
            return new Result(List.of("id", "schema", "mode"), rows, 0);
        }
        if (text.startsWith("SELECT GET_LOCK")) {
            return Result.one("lock", server.takeLock(session, String.valueOf(parameters[0])) ? 1L : 0L);
        }
        return switch (text) {
            case "SELECT VERSION()" -> Result.one("VERSION()", VERSION);
            case "SELECT @@lower_case_table_names" -> Result.one("names", 0L);
            case "SELECT @@performance_schema AND @@performance_schema_session_connect_attrs_size <> 0" ->
                Result.one("shown", showsAttributes ? 1L : 0L);
            case "SELECT CONNECTION_ID()" -> Result.one("CONNECTION_ID()", session.id());
            case "SELECT DATABASE()" -> Result.one("DATABASE()", SCHEMA);
            default -> null;
        };
    }

    private Result kill(String text, @Nullable Object[] parameters) {
        String last = text.substring(text.lastIndexOf(' ') + 1);
        long id = last.equals("?") ? Expr.number(Objects.requireNonNull(parameters[0])) : Long.parseLong(last);
        ModelSession victim = server.session(id);
        if (victim == null) {
            throw new ModelException(1094, "HY000", "Unknown thread id: " + id);
        }
        // A statement is carried out at one instant, so that there is no query to end.
        victim.isKilled |= !text.startsWith("KILL QUERY ");
        return Result.count(0);
    }

    private Result catalog(String text, @Nullable Object[] parameters) {
        if (text.contains("session_connect_attrs")) {
            return attributes();
        }
        if (text.contains("INNODB_TRX")) {
            return rows("trx", List.of());
        }
        if (text.contains("IS_USED_LOCK")) {
            // Who holds it is not shown to this user.
            List<@Nullable Object[]> rows = new ArrayList<>();
            rows.add(new Object[] {null, null, null, null});
            return new Result(List.of("id", "USER", "HOST", "TIME"), rows, 0);
        }
        if (text.contains("PROCESSLIST")) {
            return sessions(text, parameters);
        }
        if (text.contains("COLUMN_NAME = ?")) {
            ModelTable table = server.table(String.valueOf(parameters[0]));
            return rows("1", table.indexOf(String.valueOf(parameters[1])) < 0 ? List.of() : List.of(1L));
        }
        ModelTable table = server.table((String) Objects.requireNonNull(parameters[1]));
        if (text.contains("information_schema.COLUMNS")) {
            return columns(table);
        }
        if (text.contains("information_schema.STATISTICS")) {
            List<@Nullable Object[]> rows = new ArrayList<>();
            table.key().forEach(c -> rows.add(new Object[] {"PRIMARY", 0L, "BTREE", c, null, "A", "YES"}));
            return new Result(List.of("INDEX_NAME", "u", "t", "c", "s", "o", "IS_VISIBLE"), rows, 0);
        }
        if (text.contains("information_schema.TABLES")) {
            List<@Nullable Object[]> rows = new ArrayList<>();
            rows.add(new Object[] {SCHEMA, table.name(), 5L, 1L, 1L, 0L, "Dynamic", "InnoDB", "BASE TABLE"});
            return new Result(List.of("s", "n", "r", "d", "i", "free", "f", "e", "t"), rows, 0);
        }
        throw new IllegalStateException("the model server is not asked this: " + text);
    }

    private Result attributes() {
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (ModelSession session : server.sessions()) {
            if (showsAttributes && !session.client().isEmpty()) {
                rows.add(new Object[] {session.id(), session.client()});
            }
        }
        return new Result(List.of("PROCESSLIST_ID", "ATTR_VALUE"), rows, 0);
    }

    /** Who is there, with the peer; of all, of one that is given, or of those that the text names. */
    private Result sessions(String text, @Nullable Object[] parameters) {
        int in = text.indexOf("ID IN (");
        List<String> named = in < 0
                ? List.of()
                : List.of(text.substring(in + 7, text.indexOf(')', in)).split(", "));
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (ModelSession session : server.sessions()) {
            boolean isAsked = parameters.length == 0 || parameters[0].equals(session.id());
            if (isAsked && (in < 0 || named.contains(Long.toString(session.id())))) {
                rows.add(new Object[] {session.id(), "10.0.0.1:" + (40_000 + session.id()), 1L});
            }
        }
        return new Result(List.of("ID", "HOST", "here"), rows, 0);
    }

    private static Result rows(String label, List<?> values) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        values.forEach(v -> rows.add(new Object[] {v}));
        return new Result(List.of(label), rows, 0);
    }

    private static Result columns(ModelTable table) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (ModelTable.Column c : table.columns()) {
            boolean isText = c.type().startsWith("varchar");
            rows.add(new Object[] {
                SCHEMA,
                table.name(),
                c.name(),
                c.type(),
                c.isNullable() ? "YES" : "NO",
                c.value(),
                isText ? "utf8mb4" : null,
                isText ? "utf8mb4_bin" : null,
                c.isHidden() ? "INVISIBLE" : "",
                "",
                0L,
                table.key().contains(c.name()) ? "PRI" : ""
            });
        }
        return new Result(List.of("s", "t", "c", "y", "n", "d", "h", "l", "e", "m", "v", "k"), rows, 0);
    }
}

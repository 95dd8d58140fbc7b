package io.crossfade.model;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/**
 * The change file: YAML to {@link Change} and back. The same form stands in the control table, so that a client reads what
 * the user wrote. Checks what can be seen in the file alone; whether columns exist and expressions make sense is for those
 * who know the catalog.
 */
public final class ChangeFile {

    /** The name of what is read from the control table, in messages. */
    private static final String CONTROL_TABLE = "crossfade_change";

    /** MySQL's bound on an identifier. */
    private static final int NAME_CHARS_MAX = 64;

    private static final List<String> KEYS = List.of("change", "table", "accept", "columns");
    private static final List<String> KINDS = List.of("rename", "retype", "split", "merge", "derive", "add");

    private ChangeFile() {}

    /**
     * Reads a change file.
     *
     * @param file its name, for messages
     * @throws ChangeFileException with line and column of the first thing that is wrong
     */
    public static Change parse(String file, String yaml) {
        YamlNode root = YamlNode.parse(file, yaml);
        Map<String, YamlNode> top = root.entries("a change file", KEYS);
        YamlNode id = root.required(top, "change", "a change file");
        YamlNode table = root.required(top, "table", "a change file");
        YamlNode columns = root.required(top, "columns", "a change file");
        YamlNode accept = top.get("accept");
        if (accept != null && !accept.text("accept").equals("lossy")) {
            throw accept.error("\"" + accept.text("accept") + "\" cannot be accepted; what can is lossy");
        }
        List<Mapping> mappings = new ArrayList<>();
        for (YamlNode item : columns.items("columns")) {
            mappings.add(mapping(item));
        }
        checkNamesOnce(columns, mappings);
        try {
            return new Change(id.text("change"), tableName(table), mappings, accept != null);
        } catch (IllegalArgumentException e) {
            throw id.error(String.valueOf(e.getMessage()));
        }
    }

    /** Where a column that is at fault is first named in a file, as file:line:column. */
    public static Optional<String> placeOf(String file, String yaml, String column) {
        return YamlNode.parse(file, yaml).find(column);
    }

    /** Reads what {@link #write} wrote. */
    public static Change read(String yaml) {
        return parse(CONTROL_TABLE, yaml);
    }

    private static TableName tableName(YamlNode node) {
        String text = node.text("table");
        String[] parts = text.split("\\.", -1);
        if (parts.length != 2) {
            throw node.error("\"" + text + "\" is not a table with its schema; write it as schema.table");
        }
        return new TableName(name(node, parts[0]), name(node, parts[1]));
    }

    private static Mapping mapping(YamlNode item) {
        Map<String, YamlNode> one = item.entries("an entry of columns", KINDS);
        if (one.size() != 1) {
            throw item.error("an entry of columns has exactly one of " + String.join(", ", KINDS));
        }
        Map.Entry<String, YamlNode> entry = one.entrySet().iterator().next();
        YamlNode body = entry.getValue();
        return switch (entry.getKey()) {
            case "rename" -> rename(body);
            case "retype" -> retype(body);
            case "split" -> split(body);
            case "merge" -> merge(body);
            case "derive" -> derive(body);
            default -> add(body);
        };
    }

    private static Mapping rename(YamlNode body) {
        Map<String, YamlNode> e = body.entries("rename", List.of("from", "to"));
        OldColumn from = new OldColumn(column(body, e, "from", "rename"), null);
        NewColumn to = new NewColumn(column(body, e, "to", "rename"), null, null, false);
        return new Mapping(MappingKind.RENAME, List.of(from), List.of(to), Set.of(), Mapping.Unmappable.NULL);
    }

    private static Mapping retype(YamlNode body) {
        Map<String, YamlNode> e =
                body.entries("retype", List.of("from", "to", "type", "up", "down", "facts", "index", "on-unmappable"));
        OldColumn from = new OldColumn(column(body, e, "from", "retype"), expression(body, e, "down", "retype"));
        NewColumn to = new NewColumn(
                column(body, e, "to", "retype"),
                type(body, e, "retype"),
                expression(body, e, "up", "retype"),
                index(e));
        return new Mapping(MappingKind.RETYPE, List.of(from), List.of(to), facts(e), unmappable(e));
    }

    private static Mapping split(YamlNode body) {
        Map<String, YamlNode> e = body.entries("split", List.of("from", "to", "down", "facts", "on-unmappable"));
        OldColumn from = new OldColumn(column(body, e, "from", "split"), expression(body, e, "down", "split"));
        List<NewColumn> news = new ArrayList<>();
        YamlNode to = body.required(e, "to", "split");
        to.entries("to of a split", List.of()).forEach((column, part) -> {
            Map<String, YamlNode> p = part.entries("column " + column, List.of("type", "up", "index"));
            news.add(new NewColumn(
                    name(part, column), type(part, p, column), expression(part, p, "up", column), index(p)));
        });
        if (news.size() < 2) {
            throw to.error("a split makes at least two columns; for one, use retype");
        }
        return new Mapping(MappingKind.SPLIT, List.of(from), news, facts(e), unmappable(e));
    }

    private static Mapping merge(YamlNode body) {
        Map<String, YamlNode> e =
                body.entries("merge", List.of("from", "to", "type", "up", "down", "facts", "index", "on-unmappable"));
        YamlNode down = body.required(e, "down", "merge");
        List<OldColumn> olds = new ArrayList<>();
        List<String> from = new ArrayList<>();
        YamlNode fromNode = body.required(e, "from", "merge");
        fromNode.items("from of a merge").forEach(item -> from.add(name(item, item.text("a column"))));
        if (from.size() < 2) {
            throw fromNode.error("a merge takes at least two columns; for one, use retype");
        }
        Map<String, YamlNode> downs = down.entries("down of a merge", from);
        for (String column : from) {
            olds.add(new OldColumn(column, expression(down, downs, column, "down of a merge")));
        }
        NewColumn to = new NewColumn(
                column(body, e, "to", "merge"), type(body, e, "merge"), expression(body, e, "up", "merge"), index(e));
        return new Mapping(MappingKind.MERGE, olds, List.of(to), facts(e), unmappable(e));
    }

    private static Mapping derive(YamlNode body) {
        Map<String, YamlNode> e =
                body.entries("derive", List.of("from", "to", "type", "up", "facts", "index", "on-unmappable"));
        List<OldColumn> olds = new ArrayList<>();
        YamlNode from = e.get("from");
        if (from != null) {
            from.items("from of a derive")
                    .forEach(item -> olds.add(new OldColumn(name(item, item.text("a column")), null)));
        }
        NewColumn to = new NewColumn(
                column(body, e, "to", "derive"),
                type(body, e, "derive"),
                expression(body, e, "up", "derive"),
                index(e));
        return new Mapping(MappingKind.DERIVE, olds, List.of(to), facts(e), unmappable(e));
    }

    private static Mapping add(YamlNode body) {
        Map<String, YamlNode> e = body.entries("add", List.of("to", "type", "index"));
        NewColumn to = new NewColumn(column(body, e, "to", "add"), type(body, e, "add"), null, index(e));
        return new Mapping(MappingKind.ADD, List.of(), List.of(to), Set.of(), Mapping.Unmappable.NULL);
    }

    private static String column(YamlNode body, Map<String, YamlNode> entries, String key, String what) {
        YamlNode node = body.required(entries, key, what);
        return name(node, node.text(key));
    }

    private static String name(YamlNode node, String name) {
        if (!name.matches("[A-Za-z0-9_$]{1," + NAME_CHARS_MAX + "}") || name.matches("[0-9]+")) {
            throw node.error("\"" + name + "\" is not a name that can be used here; use up to " + NAME_CHARS_MAX
                    + " letters, digits, underscores and dollars, without quotes");
        }
        return name;
    }

    private static String type(YamlNode body, Map<String, YamlNode> entries, String what) {
        return body.required(entries, "type", what).text("type").trim();
    }

    private static Expression expression(YamlNode body, Map<String, YamlNode> entries, String key, String what) {
        return new Expression(body.required(entries, key, what).text(key).trim());
    }

    private static boolean index(Map<String, YamlNode> entries) {
        YamlNode node = entries.get("index");
        return node != null && node.flag("index");
    }

    private static Set<Fact> facts(Map<String, YamlNode> entries) {
        YamlNode node = entries.get("facts");
        EnumSet<Fact> facts = EnumSet.noneOf(Fact.class);
        if (node != null) {
            for (YamlNode item : node.items("facts")) {
                switch (item.text("a fact")) {
                    case "injective" -> facts.add(Fact.INJECTIVE);
                    case "monotone" -> facts.add(Fact.MONOTONE);
                    case "lossless" -> facts.add(Fact.LOSSLESS);
                    default ->
                        throw item.error("\"" + item.text("a fact")
                                + "\" is not a fact; the facts are injective, monotone, lossless");
                }
            }
        }
        return facts;
    }

    private static Mapping.Unmappable unmappable(Map<String, YamlNode> entries) {
        YamlNode node = entries.get("on-unmappable");
        if (node == null) {
            return Mapping.Unmappable.NULL;
        }
        return switch (node.text("on-unmappable")) {
            case "null" -> Mapping.Unmappable.NULL;
            case "fail" -> Mapping.Unmappable.FAIL;
            default -> throw node.error("on-unmappable is null or fail; seen \"" + node.text("on-unmappable") + "\"");
        };
    }

    /** A column may stand on one side of one mapping; only a derive may read what another mapping replaces not. */
    private static void checkNamesOnce(YamlNode columns, List<Mapping> mappings) {
        List<String> seen = new ArrayList<>();
        for (Mapping mapping : mappings) {
            List<String> names = new ArrayList<>();
            if (mapping.kind().replacesOld()) {
                mapping.olds().forEach(o -> names.add(o.name()));
            }
            mapping.news().forEach(n -> names.add(n.name()));
            for (String name : names) {
                if (seen.stream().anyMatch(name::equalsIgnoreCase)) {
                    throw columns.error(
                            "column \"" + name + "\" stands in two places; a column may be changed by one entry only");
                }
                seen.add(name);
            }
        }
        for (Mapping derive : mappings) {
            for (OldColumn source : derive.olds()) {
                boolean replaced = mappings.stream()
                        .anyMatch(m -> !m.equals(derive) && m.kind().replacesOld() && m.hasOld(source.name()));
                if (!derive.kind().replacesOld() && replaced) {
                    throw columns.error(
                            "column \"" + source.name() + "\" is read by a derive and replaced by another entry;"
                                    + " make two changes of it, one after the other");
                }
            }
        }
    }

    // --- writing ------------------------------------------------------------------------------------------------

    /** The change as YAML that {@link #read} takes. */
    public static String write(Change change) {
        Map<String, Object> top = new LinkedHashMap<>();
        top.put("change", change.id());
        top.put("table", change.table().toString());
        if (change.acceptsLossy()) {
            top.put("accept", "lossy");
        }
        List<Object> columns = new ArrayList<>();
        for (Mapping mapping : change.mappings()) {
            columns.add(Map.of(mapping.kind().word(), body(mapping)));
        }
        top.put("columns", columns);
        return dump(top);
    }

    private static Map<String, Object> body(Mapping mapping) {
        Map<String, Object> body = new LinkedHashMap<>();
        List<String> olds = mapping.olds().stream().map(OldColumn::name).toList();
        NewColumn first = mapping.news().get(0);
        switch (mapping.kind()) {
            case RENAME -> {
                body.put("from", olds.get(0));
                body.put("to", first.name());
                return body;
            }
            case RETYPE, SPLIT -> {
                body.put("from", olds.get(0));
                body.put("down", String.valueOf(mapping.olds().get(0).down()));
            }
            case MERGE -> {
                body.put("from", olds);
                Map<String, Object> downs = new LinkedHashMap<>();
                mapping.olds().forEach(o -> downs.put(o.name(), String.valueOf(o.down())));
                body.put("down", downs);
            }
            case DERIVE -> body.put("from", olds);
            case ADD -> {
                // Comes from nothing.
            }
        }
        if (mapping.kind() == MappingKind.SPLIT) {
            Map<String, Object> to = new LinkedHashMap<>();
            mapping.news().forEach(n -> to.put(n.name(), typed(n, new LinkedHashMap<>())));
            body.put("to", to);
        } else {
            body.put("to", first.name());
            typed(first, body);
        }
        if (!mapping.facts().isEmpty()) {
            body.put("facts", mapping.facts().stream().map(Fact::word).sorted().toList());
        }
        if (mapping.unmappable() == Mapping.Unmappable.FAIL) {
            body.put("on-unmappable", "fail");
        }
        return body;
    }

    private static Map<String, Object> typed(NewColumn column, Map<String, Object> body) {
        body.put("type", String.valueOf(column.type()));
        if (column.up() != null) {
            body.put("up", column.up().sql());
        }
        if (column.index()) {
            body.put("index", true);
        }
        return body;
    }

    /** The table as YAML that {@link #readTable} takes. */
    public static String writeTable(Table table) {
        List<Object> columns = new ArrayList<>();
        for (Column c : table.columns()) {
            Map<String, Object> column = new LinkedHashMap<>();
            column.put("name", c.name());
            column.put("type", c.type());
            put(column, "default", c.defaultSql());
            put(column, "charset", c.charset());
            put(column, "collation", c.collation());
            put(column, "comment", c.comment());
            putFlag(column, "nullable", c.nullable());
            putFlag(column, "on-update-now", c.onUpdateNow());
            putFlag(column, "generated", c.generated());
            putFlag(column, "auto-increment", c.autoIncrement());
            putFlag(column, "invisible", c.invisible());
            columns.add(column);
        }
        Map<String, Object> top = new LinkedHashMap<>();
        top.put("table", table.name().toString());
        top.put("columns", columns);
        return dump(top);
    }

    /** Reads what {@link #writeTable} wrote. */
    public static Table readTable(String yaml) {
        YamlNode root = YamlNode.parse(CONTROL_TABLE, yaml);
        Map<String, YamlNode> top = root.entries("a table", List.of("table", "columns"));
        String[] name = root.required(top, "table", "a table").text("table").split("\\.", 2);
        List<Column> columns = new ArrayList<>();
        for (YamlNode item : root.required(top, "columns", "a table").items("columns")) {
            Map<String, YamlNode> c = item.entries("a column", List.of());
            columns.add(new Column(
                    item.required(c, "name", "a column").text("name"),
                    item.required(c, "type", "a column").text("type"),
                    c.containsKey("nullable"),
                    text(c, "default"),
                    text(c, "charset"),
                    text(c, "collation"),
                    c.containsKey("on-update-now"),
                    c.containsKey("generated"),
                    c.containsKey("auto-increment"),
                    c.containsKey("invisible"),
                    String.valueOf(c.containsKey("comment") ? text(c, "comment") : "")));
        }
        return new Table(new TableName(name[0], name[1]), columns);
    }

    private static void put(Map<String, Object> map, String key, @Nullable String value) {
        if (value != null && !(key.equals("comment") && value.isEmpty())) {
            map.put(key, value);
        }
    }

    private static void putFlag(Map<String, Object> map, String key, boolean value) {
        if (value) {
            map.put(key, true);
        }
    }

    private static @Nullable String text(Map<String, YamlNode> entries, String key) {
        YamlNode node = entries.get(key);
        return node == null ? null : node.optionalText().orElse(null);
    }

    private static String dump(Object value) {
        DumpSettings settings = DumpSettings.builder()
                .setDefaultFlowStyle(FlowStyle.BLOCK)
                .setWidth(Integer.MAX_VALUE)
                .setSplitLines(false)
                .build();
        return new Dump(settings).dumpToString(value);
    }
}

package io.crossfade.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A table as the control table keeps it: {@link Table} to YAML and back. */
public final class TableText {

    private TableText() {}

    /** The table as YAML that {@link #read} takes. */
    public static String write(Table table) {
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
        return YamlText.of(top);
    }

    /** Reads what {@link #write} wrote. */
    public static Table read(String yaml) {
        YamlNode root = YamlNode.parse(ChangeFile.CONTROL_TABLE, yaml);
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
}

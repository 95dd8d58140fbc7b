package io.crossfade.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The change file: YAML to {@link Change} and back. The same form stands in the control table, so that a client reads what
 * the user wrote. Checks what can be seen in the file alone; whether columns exist and expressions make sense is for those
 * who know the catalog.
 */
public final class ChangeFile {

    /** The name of what is read from the control table, in messages. */
    static final String CONTROL_TABLE = "crossfade_change";

    private static final List<String> KEYS = List.of("change", "table", "accept", "columns");

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
            mappings.add(MappingReader.mapping(item));
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
        return new TableName(MappingReader.name(node, parts[0]), MappingReader.name(node, parts[1]));
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
            columns.add(Map.of(mapping.kind().word(), MappingWriter.body(mapping)));
        }
        top.put("columns", columns);
        return YamlText.of(top);
    }
}

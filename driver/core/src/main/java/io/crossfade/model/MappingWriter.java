package io.crossfade.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The entries of a change file's columns: {@link Mapping} to what YAML is made of, as {@link MappingReader} takes it. */
final class MappingWriter {

    private MappingWriter() {}

    static Map<String, Object> body(Mapping mapping) {
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
}

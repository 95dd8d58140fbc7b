package io.crossfade.model;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The entries of a change file's columns: YAML to {@link Mapping}. Each complains of the place where something is wrong. */
final class MappingReader {

    private static final List<String> KINDS = List.of("rename", "retype", "split", "merge", "derive", "add");

    /** MySQL's bound on an identifier. */
    private static final int NAME_CHARS_MAX = 64;

    private MappingReader() {}

    /** One entry of columns. */
    static Mapping mapping(YamlNode item) {
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

    static String name(YamlNode node, String name) {
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
}

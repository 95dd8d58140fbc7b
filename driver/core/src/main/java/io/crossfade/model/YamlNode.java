package io.crossfade.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** A piece of a YAML file that knows where it stands, so that every complaint can say so. Immutable. */
final class YamlNode {
    private final String file;
    private final Node node;

    private YamlNode(String file, Node node) {
        this.file = file;
        this.node = node;
    }

    static YamlNode parse(String file, String yaml) {
        LoadSettings settings = LoadSettings.builder().setLabel(file).build();
        try {
            return new Compose(settings)
                    .composeString(yaml)
                    .map(node -> new YamlNode(file, node))
                    .orElseThrow(() -> new ChangeFileException(
                            file, 1, 1, "the file is empty; a change file begins with change:"));
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(m -> m.getLine() + 1).orElse(1);
            int column = e.getProblemMark().map(m -> m.getColumn() + 1).orElse(1);
            throw new ChangeFileException(file, line, column, "this is not YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            throw new ChangeFileException(file, 1, 1, "this is not YAML: " + e.getMessage());
        }
    }

    ChangeFileException error(String message) {
        int line = node.getStartMark().map(m -> m.getLine() + 1).orElse(1);
        int column = node.getStartMark().map(m -> m.getColumn() + 1).orElse(1);
        return new ChangeFileException(file, line, column, message);
    }

    /** The entries of a mapping, each key one of {@code allowed}, none twice. */
    Map<String, YamlNode> entries(String what, List<String> allowed) {
        if (!(node instanceof MappingNode mapping)) {
            throw error(what + " must be a mapping with the keys " + String.join(", ", allowed));
        }
        Map<String, YamlNode> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            YamlNode key = new YamlNode(file, tuple.getKeyNode());
            String name = key.text("a key");
            if (!allowed.isEmpty() && !allowed.contains(name)) {
                throw key.error(
                        "unknown key \"" + name + "\" in " + what + "; the keys are " + String.join(", ", allowed));
            }
            if (entries.put(name, new YamlNode(file, tuple.getValueNode())) != null) {
                throw key.error("key \"" + name + "\" stands twice in " + what + "; give it once");
            }
        }
        return entries;
    }

    YamlNode required(Map<String, YamlNode> entries, String key, String what) {
        YamlNode value = entries.get(key);
        if (value == null) {
            throw error(what + " needs " + key + ":");
        }
        return value;
    }

    List<YamlNode> items(String what) {
        if (!(node instanceof SequenceNode sequence)) {
            throw error(what + " must be a list");
        }
        List<YamlNode> items = new ArrayList<>();
        sequence.getValue().forEach(item -> items.add(new YamlNode(file, item)));
        return items;
    }

    /** Where the first text that reads so stands, as file:line:column; keys count too. */
    Optional<String> find(String text) {
        if (node instanceof ScalarNode scalar) {
            return scalar.getValue().equalsIgnoreCase(text)
                    ? node.getStartMark().map(m -> file + ":" + (m.getLine() + 1) + ":" + (m.getColumn() + 1))
                    : Optional.empty();
        }
        List<Node> inside = new ArrayList<>();
        if (node instanceof MappingNode mapping) {
            mapping.getValue().forEach(t -> {
                inside.add(t.getKeyNode());
                inside.add(t.getValueNode());
            });
        } else if (node instanceof SequenceNode sequence) {
            inside.addAll(sequence.getValue());
        }
        return inside.stream()
                .flatMap(n -> new YamlNode(file, n).find(text).stream())
                .findFirst();
    }

    boolean isText() {
        return node instanceof ScalarNode;
    }

    boolean isMapping() {
        return node instanceof MappingNode;
    }

    String text(String what) {
        if (!(node instanceof ScalarNode scalar)) {
            throw error(what + " must be a text");
        }
        if (scalar.getValue().isBlank()) {
            throw error(what + " must not be empty");
        }
        return scalar.getValue();
    }

    /** The text, empty allowed; nothing for YAML's null. */
    Optional<String> optionalText() {
        return node instanceof ScalarNode scalar && !scalar.getTag().equals(Tag.NULL)
                ? Optional.of(scalar.getValue())
                : Optional.empty();
    }

    boolean flag(String what) {
        return switch (text(what)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw error(what + " must be true or false; seen \"" + text(what) + "\"");
        };
    }
}

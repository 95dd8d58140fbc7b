package io.crossfade.cli.alter;

import io.crossfade.migrator.ghost.TableAlter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Several tables that change together: a YAML list, each item {@code {table: shop.orders, alter: "ADD COLUMN …"}}. */
final class AltersFile {
    private AltersFile() {}

    /** @param database of tables that are named without one */
    static List<TableAlter> read(Path file, String database) {
        Object root;
        try {
            root = new Load(LoadSettings.builder().setLabel(file.toString()).build())
                    .loadFromString(Files.readString(file));
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "cannot read --alters: file " + file + "; " + e.getClass().getSimpleName()
                            + "; name a file that can be read",
                    e);
        } catch (YamlEngineException e) {
            throw wrong(file, "it is not YAML: " + e.getMessage());
        }
        if (!(root instanceof List<?> items) || items.isEmpty()) {
            throw wrong(file, "it is no list");
        }
        List<TableAlter> alters = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Object item : items) {
            TableAlter alter = item(file, item, database);
            if (!seen.add(alter.table().key())) {
                throw wrong(file, alter.table() + " stands in it twice; join its changes with a comma");
            }
            alters.add(alter);
        }
        return alters;
    }

    private static TableAlter item(Path file, Object item, String database) {
        if (!(item instanceof Map<?, ?> map)
                || map.size() != 2
                || !(map.get("table") instanceof String table)
                || !(map.get("alter") instanceof String alter)) {
            throw wrong(file, "an item has not just the keys table and alter, both text");
        }
        return AlterText.of(database, table, alter);
    }

    private static IllegalArgumentException wrong(Path file, String what) {
        return new IllegalArgumentException("cannot read --alters: file " + file + "; " + what
                + "; write it as a list of {table: db.t, alter: \"ADD COLUMN n INT\"}");
    }
}

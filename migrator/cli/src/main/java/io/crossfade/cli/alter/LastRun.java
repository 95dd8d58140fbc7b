package io.crossfade.cli.alter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crossfade.migrator.alter.Standing;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;

/** {@code --status}: how the last change of each table stands, and whether it can be reverted. */
final class LastRun {
    private static final ObjectMapper JSON = new ObjectMapper();

    private LastRun() {}

    static void show(List<Standing> standings, boolean isJson, PrintStream out) {
        for (Standing standing : standings) {
            if (isJson) {
                out.println(json(standing));
            } else {
                print(standing, out);
            }
        }
        out.flush();
    }

    private static void print(Standing standing, PrintStream out) {
        standing.checkpoint()
                .ifPresentOrElse(
                        c -> {
                            out.println(standing.table() + ": " + c.step().shown() + "; ALTER TABLE … " + c.alter());
                            out.println(String.format(
                                    Locale.ROOT,
                                    "  %,d rows copied, %,d changes applied; old table %s",
                                    c.rowsCopied(),
                                    c.rowsApplied(),
                                    c.old()));
                        },
                        () -> out.println(standing.table() + ": no ghost change is known"));
        out.println(
                standing.isRevertible()
                        ? "  can be reverted: the same command with --revert"
                        : "  cannot be reverted: " + String.join("; ", standing.obstacles()));
        if (!standing.unlookedColumns().isEmpty()) {
            out.println("  not looked at: whether every row still fits the old table in "
                    + String.join(", ", standing.unlookedColumns()) + "; --revert looks first, for a minute at most");
        }
    }

    private static String json(Standing standing) {
        ObjectNode node = JSON.createObjectNode();
        node.put("table", standing.table().toString());
        standing.checkpoint().ifPresent(c -> {
            node.put("step", c.step().shown().replace(' ', '_')).put("alter", c.alter());
            node.put("rowsCopied", c.rowsCopied())
                    .put("rowsApplied", c.rowsApplied())
                    .put("oldTable", c.old());
        });
        node.put("isRevertible", standing.isRevertible());
        standing.obstacles().forEach(node.putArray("obstacles")::add);
        standing.unlookedColumns().forEach(node.putArray("unlookedColumns")::add);
        try {
            return JSON.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.crossfade.cli.alter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crossfade.migrator.alter.AlterPlan;
import io.crossfade.migrator.ghost.Rules;
import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.migrator.lint.Finding;
import java.io.UncheckedIOException;

/** What a dry run found of one table, as a JSON object. Safe for many threads. */
final class DryRunOutput {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private DryRunOutput() {}

    static String json(AlterPlan plan, TableAlter asked) {
        ObjectNode node = MAPPER.createObjectNode();
        node.put("event", "plan").put("table", plan.table().toString()).put("alter", asked.alter());
        node.put("route", plan.route().kind().toString())
                .put("reason", plan.route().reason())
                .put("statement", plan.route().sql())
                .put("locks", plan.route().locks());
        node.put("rows", plan.rows()).put("isExactRows", plan.isExactRows());
        if (plan.route().kind() == Rules.Route.GHOST) {
            node.put("key", plan.key());
            node.put("ghostTable", plan.names().ghost().table())
                    .put("oldTable", plan.names().old().table());
            ObjectNode renames = node.putObject("renames");
            plan.renames().forEach(renames::put);
            node.put("diskBytes", plan.diskBytes()).put("logBytesMax", plan.logBytes());
            plan.freeBytes().ifPresent(free -> node.put("freeBytes", free));
            node.put("expectedSeconds", plan.expected().toSeconds());
        }
        node.put("isRefused", plan.isRefused());
        ArrayNode findings = node.putArray("findings");
        for (Finding finding : plan.findings()) {
            findings.addObject()
                    .put("isRefusal", finding.isRefusal())
                    .put("seen", finding.seen())
                    .put("todo", finding.todo());
        }
        try {
            return MAPPER.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}

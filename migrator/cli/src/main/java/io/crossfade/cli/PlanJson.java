package io.crossfade.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crossfade.migrator.run.Plan;

/** A plan for programs. */
final class PlanJson {

    private PlanJson() {}

    static ObjectNode of(Plan plan) {
        ObjectNode top = JsonNodeFactory.instance.objectNode();
        top.put("change", plan.change().id());
        top.put("table", plan.change().table().toString())
                .put("rows", plan.table().rows());
        top.put("isRefused", plan.isRefused()).put("isLossy", plan.change().isLossy());
        ArrayNode steps = top.putArray("steps");
        for (Plan.Step step : plan.steps()) {
            ObjectNode node = steps.addObject();
            node.put("stage", step.stage().word()).put("what", step.what());
            node.put("algorithm", step.algorithm()).put("locks", step.locks());
            node.put("rows", step.rows()).put("diskBytes", step.diskBytes());
            ArrayNode statements = node.putArray("statements");
            step.statements().forEach(statements::add);
        }
        ArrayNode findings = top.putArray("findings");
        plan.findings().forEach(f -> findings.addObject()
                .put("isFatal", f.isFatal())
                .put("seen", f.seen())
                .put("todo", f.todo()));
        ArrayNode lints = top.putArray("lints");
        plan.lints().forEach(l -> lints.addObject()
                .put("rows", l.rows())
                .put("seen", l.question().seen()));
        ArrayNode lossy = top.putArray("lossy");
        plan.lossy().forEach(e -> lossy.addObject()
                .put("key", e.key())
                .put("now", e.now())
                .put("then", e.then()));
        return top;
    }
}

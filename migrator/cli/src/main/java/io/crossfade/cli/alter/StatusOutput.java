package io.crossfade.cli.alter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crossfade.migrator.alter.Status;
import java.io.UncheckedIOException;

/** The status as a JSON object. Safe for many threads. */
final class StatusOutput {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private StatusOutput() {}

    static String json(Status s, long replicaLagMillis) {
        ObjectNode node = MAPPER.createObjectNode();
        node.put("event", "status").put("state", s.state()).put("throttledBy", s.throttledBy());
        node.put("rowsCopied", s.rowsCopied()).put("rowsTotal", s.rowsTotal());
        node.put("rowsApplied", s.rowsApplied()).put("rowsChecked", s.rowsChecked());
        node.put("backlog", s.backlog()).put("backlogMax", s.backlogMax());
        node.put("millis", s.elapsed().toMillis())
                .put("copyMillis", s.elapsedCopy().toMillis());
        node.put("position", s.position()).put("lagMillis", s.lagMillis());
        node.put("replicaLagMillis", replicaLagMillis).put("chunkRows", s.chunkRows());
        if (!s.left().isNegative()) {
            node.put("secondsLeft", s.left().toSeconds());
        }
        try {
            return MAPPER.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.crossfade.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crossfade.migrator.follow.FollowPlace;
import io.crossfade.migrator.run.Pulse;
import io.crossfade.state.Announcement;
import io.crossfade.state.ChangeRow;
import io.crossfade.state.Checkpoint;
import io.crossfade.state.ClientRow;
import io.crossfade.state.ComparisonRow;
import io.crossfade.state.ControlStore;
import io.crossfade.state.EventRow;
import io.crossfade.state.GateAnswer;
import io.crossfade.state.GateRow;
import io.crossfade.state.UnproxiedRow;
import io.crossfade.state.UsageRow;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The status for programs. */
final class StatusJson {

    /** The long tasks that keep a checkpoint. */
    static final List<String> TASKS = List.of("backfill", "refill");

    private StatusJson() {}

    static ObjectNode of(ControlStore store, @Nullable String id) throws SQLException {
        ObjectNode top = JsonNodeFactory.instance.objectNode();
        top.put("epoch", store.epoch());
        ArrayNode changes = top.putArray("changes");
        ArrayNode clients = top.putArray("clients");
        ArrayNode gates = top.putArray("gates");
        if (!store.isInstalled()) {
            return top;
        }
        for (ChangeRow row : store.changes().all()) {
            if (id == null || id.equals(row.state().change().id())) {
                change(store, row, changes.addObject());
            }
        }
        for (ClientRow client : store.clients().all()) {
            clients.addObject()
                    .put("id", client.state().id().toString())
                    .put("application", client.state().application())
                    .put("host", client.state().host())
                    .put("pid", client.state().pid())
                    .put("epochSeen", client.state().epochSeen())
                    .put("epochAcknowledged", client.state().epochAcknowledged())
                    .put("sessionsOpen", client.state().sessionsOpen())
                    .put("leaseMillisLeft", client.leaseMillisLeft())
                    .put(
                            "oldestTransactionAt",
                            client.state().oldestTransactionAt() == null
                                    ? null
                                    : client.state().oldestTransactionAt().toString())
                    .put("oldestTransactionConnection", client.state().oldestTransactionConnection())
                    .put("counters", client.state().counters());
        }
        for (GateRow gate : store.gates().standing()) {
            gate(store, gate, gates.addObject());
        }
        return top;
    }

    private static void gate(ControlStore store, GateRow gate, ObjectNode node) throws SQLException {
        Announcement announced = gate.announcement();
        node.put("id", announced.gate())
                .put("table", announced.table().toString())
                .put("phase", announced.phase().name().toLowerCase(Locale.ROOT))
                .put("turn", announced.turn())
                .put("who", gate.who())
                .put("announcedAt", gate.announcedAt().toString())
                .put("isLeft", gate.isLeft());
        ArrayNode answers = node.putArray("answers");
        for (GateAnswer answer : store.gates().answers(UUID.fromString(announced.gate()))) {
            answers.addObject()
                    .put("client", answer.client().toString())
                    .put("turnSeen", answer.turnSeen())
                    .put("turnPassed", answer.turnPassed())
                    .put("holder", answer.holder());
        }
    }

    private static void change(ControlStore store, ChangeRow row, ObjectNode node) throws SQLException {
        String id = row.state().change().id();
        node.put("id", id).put("table", row.state().change().table().toString());
        node.put("stage", row.state().stage().word());
        node.put("direction", row.state().direction().name().toLowerCase(Locale.ROOT));
        node.put("readPercent", row.state().readPercent())
                .put("step", row.step())
                .put("epoch", row.epoch());
        node.put("openedAt", row.openedAt().toString())
                .put("movedAt", row.movedAt().toString());
        node.put("isOpen", row.isOpen());
        ObjectNode tasks = node.putObject("tasks");
        for (String task : TASKS) {
            Checkpoint at = store.checkpoints().at(id, task);
            if (at.rowsSeen() > 0 || at.isDone()) {
                tasks.putObject(task)
                        .put("rowsSeen", at.rowsSeen())
                        .put("rowsChanged", at.rowsChanged())
                        .put("isDone", at.isDone());
            }
        }
        ArrayNode named = node.putArray("named");
        for (UsageRow usage : store.usage().of(id)) {
            named.addObject()
                    .put("application", usage.application())
                    .put("host", usage.host())
                    .put("version", usage.version())
                    .put("side", usage.naming().side().name().toLowerCase(Locale.ROOT))
                    .put("byStar", usage.naming().byStar())
                    .put("verb", usage.naming().verb())
                    .put("shape", usage.naming().shape())
                    .put("times", usage.times())
                    .put("lastAt", usage.lastAt().toString())
                    .put("secondsSinceLast", usage.sinceLast().toSeconds());
        }
        Optional<FollowPlace> place = FollowPlace.of(store, id);
        if (place.isPresent()) {
            ObjectNode followed = node.putObject("followed");
            if (place.get().off().isEmpty()) {
                followed.put("since", place.get().since().toString())
                        .put("upTo", place.get().upTo().toString())
                        .put("secondsBehind", secondsSince(store, place.get().upTo()));
            } else {
                followed.put("offBecause", place.get().off());
            }
        }
        ArrayNode unproxied = node.putArray("unproxied");
        for (UnproxiedRow found : store.unproxied().of(id)) {
            unproxied
                    .addObject()
                    .put("writer", found.writer())
                    .put("side", found.side())
                    .put("times", found.times())
                    .put("repaired", found.repaired())
                    .put("firstAt", found.firstAt().toString())
                    .put("lastAt", found.lastAt().toString())
                    .put("secondsSinceLast", found.sinceLast().toSeconds())
                    .put("lastKey", found.lastKey());
        }
        ArrayNode compared = node.putArray("compared");
        for (ComparisonRow seen : store.comparisons().of(id)) {
            compared.addObject()
                    .put("application", seen.application())
                    .put("host", seen.host())
                    .put("version", seen.version())
                    .put("rows", seen.compared())
                    .put("rowsDiffering", seen.differing())
                    .put("firstAt", seen.firstAt().toString())
                    .put("lastAt", seen.lastAt().toString())
                    .put("firstDifferingAt", text(seen.firstDifferingAt()))
                    .put("lastDifferingAt", text(seen.lastDifferingAt()))
                    .put("lastKeys", seen.lastKeys());
        }
        node.put(
                "readOldBecause",
                store.changes().readOldBecause(row).map(EventRow::why).orElse(null));
        Optional<Pulse> pulse = Pulse.of(store, id);
        if (pulse.isPresent()) {
            node.putObject("atWork")
                    .put("task", pulse.get().task())
                    .put("rowsDone", pulse.get().rowsDone())
                    .put("rowsTotal", pulse.get().rowsTotal())
                    .put("rowsPerSecond", pulse.get().rowsPerSecond())
                    .put("secondsLeft", pulse.get().left().toSeconds())
                    .put("throttledBecause", pulse.get().throttledBecause());
        }
    }

    /** By the server's clock. */
    static long secondsSince(ControlStore store, Instant at) throws SQLException {
        return Math.max(0, Duration.between(at, store.unproxied().now()).toSeconds());
    }

    private static @Nullable String text(@Nullable Instant at) {
        return at == null ? null : at.toString();
    }
}

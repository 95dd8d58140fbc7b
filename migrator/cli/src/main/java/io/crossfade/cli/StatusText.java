package io.crossfade.cli;

import io.crossfade.migrator.follow.FollowPlace;
import io.crossfade.migrator.run.Pulse;
import io.crossfade.model.Direction;
import io.crossfade.model.Stage;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The status for people. */
final class StatusText {

    private StatusText() {}

    static String of(ControlStore store, @Nullable String id) throws SQLException {
        List<String> lines = new ArrayList<>();
        if (!store.isInstalled()) {
            return "nothing was ever changed here";
        }
        for (ChangeRow row : store.changes().all()) {
            if (id == null || id.equals(row.state().change().id())) {
                change(store, row, lines);
            }
        }
        gates(store, lines);
        if (lines.isEmpty()) {
            return id == null ? "there is no change here" : "there is no change " + id + " here";
        }
        List<ClientRow> clients = store.clients().all();
        lines.add("epoch " + store.epoch() + ", " + clients.size() + " clients");
        for (ClientRow client : clients) {
            lines.add("  " + client.state().application() + " on "
                    + client.state().host() + " (process "
                    + client.state().pid() + "): acknowledged epoch "
                    + client.state().epochAcknowledged() + ", " + client.state().sessionsOpen() + " connections, "
                    + (client.isExpired() ? "lease run out" : "alive")
                    + (client.state().oldestTransactionAt() == null
                            ? ""
                            : ", under an older epoch a transaction is open since "
                                    + client.state().oldestTransactionAt() + " on connection "
                                    + client.state().oldestTransactionConnection()));
        }
        return String.join("\n", lines);
    }

    /** Cut-overs that are announced to the clients just now, and whoever is waited for. */
    private static void gates(ControlStore store, List<String> lines) throws SQLException {
        for (GateRow gate : store.gates().standing()) {
            Announcement announced = gate.announcement();
            lines.add("gate of " + announced.table() + ": "
                    + announced.phase().name().toLowerCase(Locale.ROOT) + ", by "
                    + gate.who() + " since " + gate.announcedAt()
                    + (gate.isLeft() ? ", left behind: clients pass it over, the next cut-over takes it away" : ""));
            for (GateAnswer answer : store.gates().answers(UUID.fromString(announced.gate()))) {
                boolean isWaitedFor = announced.isClosed() && answer.turnPassed() < announced.turn();
                lines.add("  " + answer.application() + " on " + answer.host() + " (process " + answer.pid() + "): "
                        + (answer.turnSeen() == 0 ? "has not answered" : isWaitedFor ? "is waited for" : "has answered")
                        + (answer.holder() == null ? "" : ", connection " + answer.holder() + " was in the way"));
            }
        }
    }

    private static void change(ControlStore store, ChangeRow row, List<String> lines) throws SQLException {
        String id = row.state().change().id();
        lines.add(id + " of " + row.state().change().table() + ": "
                + row.state().stage().word()
                + (row.state().direction() == Direction.BACK ? ", going back" : "")
                + (row.state().stage() == Stage.LIVE ? ", " + row.state().readPercent() + " % of reads go to new" : "")
                + (row.isOpen() ? "" : ", closed") + " (epoch " + row.epoch() + ", since " + row.movedAt() + ")");
        if (!row.isOpen()) {
            return;
        }
        for (String task : StatusJson.TASKS) {
            Checkpoint at = store.checkpoints().at(id, task);
            if (at.rowsSeen() > 0 || at.isDone()) {
                lines.add(String.format(
                        Locale.ROOT,
                        "  %s: %,d rows looked at, %,d written%s",
                        task,
                        at.rowsSeen(),
                        at.rowsChanged(),
                        at.isDone() ? ", done" : ""));
            }
        }
        for (UsageRow usage : store.usage().of(id)) {
            String side = usage.naming().side().name().toLowerCase(Locale.ROOT);
            lines.add(String.format(
                    Locale.ROOT,
                    "  %s named by %s on %s (driver %s), %,d times, last at %s: %s",
                    usage.naming().byStar() ? "whole rows of the " + side + " version" : side + " columns",
                    usage.application(),
                    usage.host(),
                    usage.version(),
                    usage.times(),
                    usage.lastAt(),
                    usage.naming().shape()));
        }
        Optional<FollowPlace> place = FollowPlace.of(store, id);
        if (place.isPresent()) {
            lines.add(
                    place.get().off().isEmpty()
                            ? "  writers without the driver: all known up to "
                                    + StatusJson.secondsSince(store, place.get().upTo()) + " s ago, since "
                                    + place.get().since()
                            : "  writers without the driver are not watched for: "
                                    + place.get().off());
        }
        for (UnproxiedRow found : store.unproxied().of(id)) {
            lines.add(String.format(
                    Locale.ROOT,
                    "  %s written without the driver by %s, %,d row changes, %,d mended, first at %s, last at %s: row %s",
                    found.side().equals("both") ? "both sides" : found.side() + " side",
                    found.writer().isEmpty() ? "somebody unknown" : found.writer(),
                    found.times(),
                    found.repaired(),
                    found.firstAt(),
                    found.lastAt(),
                    found.lastKey()));
        }
        compared(store, row, lines);
        Optional<Pulse> pulse = Pulse.of(store, id);
        if (pulse.isPresent()) {
            Pulse p = pulse.get();
            lines.add(String.format(
                    Locale.ROOT,
                    "  at work: %s, %,d of about %,d rows, %,d rows/s, %d s left%s",
                    p.task(),
                    p.rowsDone(),
                    p.rowsTotal(),
                    p.rowsPerSecond(),
                    p.left().toSeconds(),
                    p.throttledBecause().isEmpty() ? "" : "; holding back: " + p.throttledBecause()));
        }
    }

    /** What sampled reads found when they compared the two sides of their rows, and what is to be done about it. */
    private static void compared(ControlStore store, ChangeRow row, List<String> lines) throws SQLException {
        String id = row.state().change().id();
        List<ComparisonRow> found = store.comparisons().of(id);
        for (ComparisonRow seen : found) {
            lines.add(String.format(
                    Locale.ROOT,
                    "  %,d rows compared in reads of %s on %s (driver %s), %s",
                    seen.compared(),
                    seen.application(),
                    seen.host(),
                    seen.version(),
                    seen.differing() == 0
                            ? "none differed, the last at " + seen.lastAt()
                            : String.format(
                                    Locale.ROOT,
                                    "%,d differed, from %s to %s; the last: %s",
                                    seen.differing(),
                                    seen.firstDifferingAt(),
                                    seen.lastDifferingAt(),
                                    seen.lastKeys())));
        }
        Optional<EventRow> stop = store.changes().readOldBecause(row);
        if (stop.isPresent()) {
            lines.add("  reads went back to old at " + stop.get().at() + ", by "
                    + stop.get().who() + ": " + stop.get().why());
        }
        boolean isRecent = found.stream()
                .map(ComparisonRow::lastDifferingAt)
                .anyMatch(at -> at != null && at.isAfter(row.movedAt()));
        if (isRecent || stop.isPresent()) {
            lines.add("  somebody writes past Crossfade: find the writer, run `crossfade verify " + id
                    + "`, mend the rows; `crossfade switch " + id + " --percent N` has reads go to new again");
        }
    }
}

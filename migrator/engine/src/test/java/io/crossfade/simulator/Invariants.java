package io.crossfade.simulator;

import io.crossfade.dialect.MySqlDialect;
import io.crossfade.dialect.SqlMode;
import io.crossfade.model.Direction;
import io.crossfade.model.Side;
import io.crossfade.model.Stage;
import io.crossfade.model.Table;
import io.crossfade.simulator.model.ModelServer;
import io.crossfade.sql.RewriteRefusedException;
import io.crossfade.sql.Rewriter;
import io.crossfade.sql.SessionView;
import io.crossfade.state.ChangeState;
import io.crossfade.state.Snapshot;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * What must hold after every event.
 *
 * <ul>
 *   <li>The stages under which anybody may still do something — the control state's, those of clients that hold their lease, of
 *       transactions and of statements on their way — are neighbours.
 *   <li>Every committed row is in the table and in the truth, or in neither: no write is lost.
 *   <li>Under every such stage a read in old names and one in new names gives what was written last, on whichever side it reads.
 *   <li>When a change was rolled back, the old columns hold everything.
 * </ul>
 *
 * Reads are rewritten by the driver's own rewriter.
 */
final class Invariants {
    private static final MySqlDialect DIALECT = MySqlDialect.of("8.0.35");
    private static final Map<Read, BiFunction<ModelServer, @Nullable Object[], @Nullable Object>> READS =
            new ConcurrentHashMap<>();
    private static final BiFunction<ModelServer, @Nullable Object[], @Nullable Object> PLAIN =
            ModelServer.item("SELECT status FROM orders");

    /** A read as it is rewritten at a stage; the same in every simulation. */
    private record Read(
            boolean isRename,
            Stage stage,
            Direction direction,
            boolean isSideNew,
            boolean isNewName,
            List<String> columns) {}

    /** Where a change stands, for somebody. */
    private record Live(Stage stage, Direction direction) {
        private static final List<Live> ALL = Arrays.stream(Stage.values())
                .flatMap(s -> Arrays.stream(Direction.values()).map(d -> new Live(s, d)))
                .toList();

        /** Its place in a set of them. */
        private int bit() {
            return 1 << (stage.ordinal() * Direction.values().length + direction.ordinal());
        }
    }

    private final World world;
    private final ModelServer server;
    private long checkedCommit = -1;
    private int checkedStates;

    /** The rows that were looked at under these states, each with the truth that it was held against. */
    private final Map<@Nullable Object[], @Nullable Object[]> checked = new IdentityHashMap<>();

    /** The reads that this simulation has made of the table as it stands. */
    private final Map<Integer, BiFunction<ModelServer, @Nullable Object[], @Nullable Object>> reads = new HashMap<>();

    private List<String> readColumns = List.of();
    private @Nullable Object @Nullable [] knownRow;
    private @Nullable Live known;
    private boolean isClosed;

    Invariants(World world) {
        this.world = world;
        this.server = world.server();
    }

    // --- the control state ------------------------------------------------------------------------------------------

    /** Where the change stands; null before it is opened. */
    static @Nullable Stage stage(ModelServer server) {
        @Nullable Object[] row = change(server);
        return row == null ? null : Stage.of(text(server, row, "stage"));
    }

    static boolean isClosed(ModelServer server) {
        @Nullable Object[] row = change(server);
        return row != null && row[column(server, "closed_at")] != null;
    }

    private static @Nullable Object @Nullable [] change(ModelServer server) {
        return server.committed("crossfade_change", Subject.ID);
    }

    private static String text(ModelServer server, @Nullable Object[] row, String column) {
        return String.valueOf(row[column(server, column)]);
    }

    private static int column(ModelServer server, String column) {
        return server.columns("crossfade_change").indexOf(column);
    }

    private @Nullable Live state() {
        @Nullable Object[] row = change(server);
        if (row == null) {
            return null;
        }
        if (row != knownRow) {
            knownRow = row;
            known = new Live(
                    Stage.of(text(server, row, "stage")),
                    Direction.valueOf(text(server, row, "direction").toUpperCase(Locale.ROOT)));
            isClosed = isClosed(server);
        }
        return known;
    }

    /** Whether the change has come to where the schedule becomes rough. */
    boolean isRough(Forecast forecast) {
        Live control = state();
        return control != null && forecast.isRoughAt(control.stage(), control.direction());
    }

    // --- the checks -------------------------------------------------------------------------------------------------

    /**
     * Checks what may have changed.
     *
     * @param isEnd whether everything is over: every row is looked at
     */
    void check(boolean isEnd) {
        if (world.isViolated()) {
            return;
        }
        Live control = state();
        int states = control != null && !isClosed ? control.bit() : 0;
        for (SimulatedClient client : world.clients()) {
            if (client.maySend()) {
                for (ChangeState state : client.driver().current().changes()) {
                    states |= new Live(state.stage(), state.direction()).bit();
                }
            }
        }
        if (control != null) {
            checkStages(control, states);
        }
        long commit = server.commits();
        if (commit != checkedCommit || states != checkedStates || isEnd) {
            if (states != checkedStates || isEnd) {
                checked.clear();
            }
            checkedCommit = commit;
            checkedStates = states;
            checkRows(states, control == null || isClosed && control.stage() == Stage.OFF);
        }
    }

    private void checkStages(Live control, int states) {
        int least = control.stage().ordinal();
        int most = least;
        for (int bit = 0; states >> bit != 0; bit++) {
            if ((states >> bit & 1) != 0) {
                int stage = Live.ALL.get(bit).stage().ordinal();
                least = Math.min(least, stage);
                most = Math.max(most, stage);
            }
        }
        for (int i = 0; i < 2; i++) {
            for (SimulatedClient client : i == 0 ? world.clients() : world.dead()) {
                for (SimulatedClient.AppSession session : client.sessions()) {
                    Snapshot began = session.began();
                    if (began != null) {
                        Stage stage = began.changes().isEmpty()
                                ? quiet(control)
                                : began.changes().get(0).stage();
                        least = Math.min(least, stage.ordinal());
                        most = Math.max(most, stage.ordinal());
                    }
                }
            }
        }
        if (most - least > 1) {
            world.violate("stages " + Stage.values()[least].word() + " and " + Stage.values()[most].word()
                    + " are live at once");
        }
    }

    /** Nothing is open for a client: that is off, or what the change was closed at. */
    private Stage quiet(Live control) {
        return isClosed ? control.stage() : Stage.OFF;
    }

    private void checkRows(int states, boolean isPlain) {
        List<@Nullable Object[]> rows = server.committed("orders");
        List<@Nullable Object[]> truths = server.committed("truth");
        if (rows.size() != truths.size()) {
            world.violate("the table has rows " + keys(rows) + ", the truth " + keys(truths));
            return;
        }
        for (int i = 0; i < rows.size(); i++) {
            @Nullable Object[] row = rows.get(i);
            @Nullable Object[] truth = truths.get(i);
            // A committed version is never changed: where both are those of the last time, so is what they say.
            if (checked.put(row, truth) == truth) {
                continue;
            }
            if (!Objects.equals(row[0], truth[0]) || !Objects.equals(row[2 + noteShift()], truth[2])) {
                world.violate("row " + row[0] + " of the table is not row " + truth[0] + " of the truth");
                return;
            }
            if (isPlain) {
                expect(truth[1], PLAIN.apply(server, row), "the old column", row);
            }
            for (int bit = 0; states >> bit != 0; bit++) {
                if ((states >> bit & 1) != 0) {
                    checkRow(Live.ALL.get(bit), row, truth[1]);
                }
            }
        }
    }

    /** Where the note stands: the old column before it may be gone. */
    private int noteShift() {
        return server.columns("orders").indexOf("note") - 2;
    }

    private void checkRow(Live state, @Nullable Object[] row, @Nullable Object truth) {
        boolean hasTwoSides = state.stage() == Stage.LIVE;
        for (int side = 0; side <= (hasTwoSides ? 1 : 0); side++) {
            try {
                expect(
                        truth,
                        read(state, side == 1, false).apply(server, row),
                        "old names at " + state.stage().word(),
                        row);
                if (state.stage().servesNew()) {
                    expect(
                            world.subject().up(truth),
                            read(state, side == 1, true).apply(server, row),
                            "new names at " + state.stage().word(),
                            row);
                }
            } catch (RuntimeException e) {
                world.violate(
                        "row " + row[0] + " cannot be read at " + state.stage().word() + ": " + e.getMessage());
            }
        }
    }

    private void expect(@Nullable Object right, @Nullable Object seen, String what, @Nullable Object[] row) {
        if (!Objects.equals(right, seen)) {
            world.violate("row " + row[0] + ": " + what + " gives " + seen + " where " + right
                    + " was written; the row is " + server.columns("orders") + " " + Arrays.asList(row));
        }
    }

    private BiFunction<ModelServer, @Nullable Object[], @Nullable Object> read(
            Live state, boolean isSideNew, boolean isNewName) {
        List<String> columns = server.columns("orders");
        if (columns != readColumns) {
            readColumns = columns;
            reads.clear();
        }
        int at = state.bit() * 4 + (isSideNew ? 2 : 0) + (isNewName ? 1 : 0);
        return reads.computeIfAbsent(
                at,
                i -> READS.computeIfAbsent(
                        new Read(
                                world.subject().isRename(),
                                state.stage(),
                                state.direction(),
                                isSideNew,
                                isNewName,
                                columns),
                        this::rewritten));
    }

    private BiFunction<ModelServer, @Nullable Object[], @Nullable Object> rewritten(Read read) {
        Table now = world.tableNow();
        ChangeState state =
                new ChangeState(world.subject().change(), Subject.BEFORE, read.stage(), read.direction(), 50);
        SessionView view = new SessionView(
                "shop",
                SqlMode.DEFAULT,
                read.isNewName() ? Side.NEW : Side.OLD,
                read.isSideNew() ? Set.of(Subject.ID) : Set.of());
        try {
            return ModelServer.item(new Rewriter(DIALECT, name -> Optional.of(now))
                    .rewrite(
                            "SELECT " + (read.isNewName() ? "order_status" : "status") + " FROM orders",
                            new Snapshot(1, List.of(state)),
                            view)
                    .sql());
        } catch (RewriteRefusedException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * A statement of an application failed over a column that is not there. What new code may meet is told by the state that the
     * statement began under, not by the one of now: it may have been held up on its way back while the migrator went on. A driver
     * that knows of the change serves the new columns or refuses them; so only one that knows of none may send what is not there.
     *
     * @param began the state that it began under; null where it was not sent
     */
    void missingColumn(SimulatedClient client, @Nullable Snapshot began, SQLException e) {
        boolean mayBeGone = client.isNewCode() ? began != null && began.isQuiet() : stage(server) == Stage.CONTRACT;
        if (!mayBeGone) {
            world.violate(client.process() + ": a statement failed: " + e.getMessage());
        }
    }

    private static List<@Nullable Object> keys(List<@Nullable Object[]> rows) {
        List<@Nullable Object> keys = new ArrayList<>();
        rows.forEach(r -> keys.add(r[0]));
        return keys;
    }
}

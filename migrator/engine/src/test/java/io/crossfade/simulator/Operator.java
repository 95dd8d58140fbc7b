package io.crossfade.simulator;

import io.crossfade.migrator.run.SimulatedRun;
import io.crossfade.migrator.signal.Cancel;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.model.Stage;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Whoever gives the commands: forward to the end, or back from anywhere, each command again and again until it succeeds. Each is
 * a migrator of its own, which may be killed at any moment. Confined to the simulation.
 */
final class Operator {

    /** The commands, in the order in which they are given. */
    private enum Command {
        START,
        SWITCH,
        SETTLE,
        COMPLETE,
        CONTRACT,
        CLOSE,
        ROLLBACK
    }

    /** How often, in percent, something else happens before the migrator's next action. */
    private static final int HASTE_MIN = 15;

    private static final int HASTE_MAX = 65;

    /** There the migrator is right behind its clients. */
    private static final int HOT_HASTE = 1;

    private final World world;
    private final int haste;
    private final Stage turnsBackAt;
    private Command next = Command.START;
    private boolean isDone;
    private boolean isRunning;
    private int runs;
    private int commandsDone;
    private @Nullable SimulatedProcess process;

    Operator(World world) {
        this.world = world;
        this.haste = world.isHot() ? HOT_HASTE : HASTE_MIN + world.random().nextInt(HASTE_MAX - HASTE_MIN);
        Stage[] stages = Stage.values();
        this.turnsBackAt = stages[1 + world.random().nextInt(stages.length - 1)];
    }

    /** The same, for the schedule as it stands. */
    int haste() {
        return world.isRough() ? haste : 10;
    }

    /** The stage at which the way back begins; contract where there is none. */
    Stage turnsBackAt() {
        return turnsBackAt;
    }

    /** How many commands have succeeded. */
    int commandsDone() {
        return commandsDone;
    }

    boolean isDone() {
        return isDone;
    }

    boolean isReady() {
        return !isRunning && !isDone;
    }

    void heal() {
        if (process != null) {
            process.heal();
        }
    }

    /** Gives a command and sees what comes of it. */
    void act() {
        isRunning = true;
        runs++;
        SimulatedProcess migrator = new SimulatedProcess(world, "migrator " + runs);
        process = migrator;
        if (next != Command.ROLLBACK && world.operator() != null && mayTurnBack()) {
            next = Command.ROLLBACK;
        }
        Cancel cancel = new Cancel(duration -> world.transit().pause(migrator, duration));
        world.note(migrator, "begins " + next);
        try {
            SimulatedRun.run(
                    () -> connect(migrator), cancel, progress -> world.note(migrator, progress), this::command);
            world.note(migrator, "has ended " + next);
            succeeded();
        } catch (Died e) {
            world.note(migrator, "is dead");
        } catch (MigrationException e) {
            world.note(migrator, "stopped: " + e.getMessage());
            stopped(e);
        } catch (SQLException | RuntimeException e) {
            world.note(migrator, "failed: " + e);
            // It would come again with every command.
            if (e instanceof RuntimeException) {
                world.violate("the migrator: " + e);
            }
        } finally {
            migrator.die();
            isRunning = false;
        }
    }

    private Connection connect(SimulatedProcess migrator) throws SQLException {
        return Jdbc.connection(new Wire(world, migrator, Wire.Kind.MIGRATOR, ""));
    }

    private boolean mayTurnBack() {
        Stage stage = Invariants.stage(world.server());
        return stage != null && stage != Stage.CONTRACT && (stage == turnsBackAt || world.isRough() && world.chance(2));
    }

    private void command(SimulatedRun run) throws SQLException {
        switch (next) {
            case START -> {
                if (Invariants.stage(world.server()) == null) {
                    run.declare(world.subject().change(), Subject.BEFORE);
                }
                run.start(world.subject().change());
            }
            case SWITCH -> run.switchTo(Subject.ID, world.random().nextInt(101), false);
            case SETTLE -> run.switchTo(Subject.ID, 100, true);
            case COMPLETE -> run.complete(Subject.ID);
            case CONTRACT -> run.contract(Subject.ID);
            case CLOSE -> run.close(Subject.ID);
            default -> run.rollback(Subject.ID);
        }
    }

    private void succeeded() {
        commandsDone++;
        if (next == Command.CLOSE || next == Command.ROLLBACK) {
            isDone = true;
        } else if (next != Command.SWITCH || world.chance(60)) {
            next = Command.values()[next.ordinal() + 1];
        }
    }

    /** A run that was killed after its last word: the change is closed, and the command finds nothing left to do. */
    private void stopped(MigrationException e) {
        if (Invariants.isClosed(world.server())) {
            isDone = true;
        } else if (e.kind() == MigrationException.Kind.DIFFERENT) {
            world.violate("the migrator found rows that differ: " + e.getMessage());
        }
    }

    @Override
    public String toString() {
        return "for " + next + ", turning back at " + turnsBackAt;
    }
}

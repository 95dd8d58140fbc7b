package io.crossfade.migrator.revert;

import io.crossfade.migrator.session.SqlFailure;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Steps that wait to be sent together. They are sent in order, on a savepoint of their own; so when one of them is not taken as it was
 * meant, what was open before stands as it was.
 *
 * <p>One thread at a time.
 */
final class Batch {
    /** Steps that wait for each other at most; what more would save is no longer seen. */
    private static final int STEPS_MAX = 500;

    /** Characters that wait; a single step may be longer. */
    private static final int LENGTH_MAX = 500_000;

    private static final String BEGUN = "crossfade_batch";

    private final Connection connection;
    private final List<Step> steps = new ArrayList<>();
    private int length;

    /** @param connection in manual commit */
    Batch(Connection connection) {
        this.connection = connection;
    }

    /**
     * A change of one row, or a mark.
     *
     * @param texts statements, in order
     * @param meetsOne whether the last of them must meet exactly one row
     * @param alone does the same, and what is to be done when that row is not there or another one is in the way
     */
    record Step(List<String> texts, boolean meetsOne, Alone alone) {
        Step {
            texts = List.copyOf(texts);
        }
    }

    /** A step by itself. */
    @FunctionalInterface
    interface Alone {
        void run() throws SQLException;
    }

    void add(Step step) {
        steps.add(step);
        length += step.texts().stream().mapToInt(String::length).sum();
    }

    boolean isFull() {
        return steps.size() >= STEPS_MAX || length >= LENGTH_MAX;
    }

    /** Sends what waits, all or nothing; gives the steps that are to be taken one by one, in order. */
    List<Step> send() throws SQLException {
        List<Step> sent = List.copyOf(steps);
        steps.clear();
        length = 0;
        return sent.size() <= 1 || !isTaken(sent) ? sent : List.of();
    }

    private boolean isTaken(List<Step> sent) throws SQLException {
        try (Statement s = connection.createStatement()) {
            s.execute("SAVEPOINT " + BEGUN);
            for (Step step : sent) {
                for (String sql : step.texts()) {
                    s.addBatch(sql);
                }
            }
            if (isAsMeant(sent, s.executeBatch())) {
                return true;
            }
        } catch (SQLException e) {
            if (!Parked.isRefusal(e) && !SqlFailure.isTooLarge(e)) {
                throw e;
            }
        }
        try (Statement s = connection.createStatement()) {
            s.execute("ROLLBACK TO SAVEPOINT " + BEGUN);
        }
        return false;
    }

    private static boolean isAsMeant(List<Step> sent, int[] counts) {
        int at = 0;
        for (Step step : sent) {
            at += step.texts().size();
            if (step.meetsOne() && counts[at - 1] != 1) {
                return false;
            }
        }
        return true;
    }
}

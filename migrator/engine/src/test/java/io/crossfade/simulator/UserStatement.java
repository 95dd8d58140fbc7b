package io.crossfade.simulator;

import io.crossfade.simulator.model.ModelServer;
import io.crossfade.simulator.model.Result;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A statement of an application, in old names or new ones, and what it must come to: the same statement on the truth, in the same
 * transaction. Immutable.
 */
final class UserStatement {

    /** The shapes: as applications write them, with the name of the column left open, and on the truth. */
    private enum Shape {
        READ("SELECT # FROM orders WHERE id = ?", "SELECT v FROM truth WHERE id = ?", "i"),
        READ_LOCKING(
                "SELECT # FROM orders WHERE id = ? FOR UPDATE", "SELECT v FROM truth WHERE id = ? FOR UPDATE", "i"),
        READ_ALL("SELECT * FROM orders WHERE id = ?", "SELECT v FROM truth WHERE id = ?", "i"),
        FIND("SELECT id FROM orders WHERE # = ? ORDER BY id", "SELECT id FROM truth WHERE v = ? ORDER BY id", "v"),
        UPDATE("UPDATE orders SET # = ? WHERE id = ?", "UPDATE truth SET v = ? WHERE id = ?", "vi"),
        UPDATE_OTHER("UPDATE orders SET note = ? WHERE id = ?", "UPDATE truth SET note = ? WHERE id = ?", "oi"),
        UPDATE_FOUND("UPDATE orders SET # = ? WHERE # = ?", "UPDATE truth SET v = ? WHERE v = ?", "vv"),
        APPEND(
                "UPDATE orders SET # = CONCAT(#, ?) WHERE id = ?",
                "UPDATE truth SET v = CONCAT(v, ?) WHERE id = ?",
                "oi"),
        INSERT(
                "INSERT INTO orders (id, #, note) VALUES (?, ?, ?)",
                "INSERT INTO truth (id, v, note) VALUES (?, ?, ?)",
                "ivo"),
        UPSERT(
                "INSERT INTO orders (id, #) VALUES (?, ?) ON DUPLICATE KEY UPDATE # = VALUES(#)",
                "INSERT INTO truth (id, v) VALUES (?, ?) ON DUPLICATE KEY UPDATE v = VALUES(v)",
                "iv"),
        REPLACE(
                "REPLACE INTO orders (id, #, note) VALUES (?, ?, ?)",
                "REPLACE INTO truth (id, v, note) VALUES (?, ?, ?)",
                "ivo"),
        DELETE("DELETE FROM orders WHERE id = ?", "DELETE FROM truth WHERE id = ?", "i"),
        DELETE_FOUND("DELETE FROM orders WHERE # = ?", "DELETE FROM truth WHERE v = ?", "v");

        private final String old;
        private final String anew;
        private final String truth;
        private final String parameters;

        Shape(String text, String truth, String parameters) {
            this.old = text.replace("#", "status");
            this.anew = text.replace("#", "order_status");
            this.truth = truth;
            this.parameters = parameters;
        }
    }

    /** How often each shape is drawn. */
    private static final Shape[] DRAWN = {
        Shape.READ, Shape.READ, Shape.READ, Shape.READ, Shape.READ_LOCKING, Shape.READ_ALL, Shape.FIND,
        Shape.UPDATE, Shape.UPDATE, Shape.UPDATE, Shape.UPDATE, Shape.UPDATE, Shape.UPDATE_OTHER, Shape.UPDATE_FOUND,
        Shape.APPEND, Shape.INSERT, Shape.INSERT, Shape.INSERT, Shape.UPSERT, Shape.UPSERT, Shape.REPLACE,
        Shape.DELETE, Shape.DELETE_FOUND
    };

    private static final int SHAPES = 6;

    /** So many rows there can be. */
    static final int IDS = 8;

    private static final int VALUES = 9;

    private final Shape shape;
    private final Subject subject;
    private final boolean isNewCode;
    private final @Nullable Object[] own;
    private final @Nullable Object[] truth;

    private UserStatement(
            Shape shape, Subject subject, boolean isNewCode, @Nullable Object[] own, @Nullable Object[] truth) {
        this.shape = shape;
        this.subject = subject;
        this.isNewCode = isNewCode;
        this.own = own;
        this.truth = truth;
    }

    /** The statements of one application: it has a few. */
    static int[] shapes(SplittableRandom random) {
        return random.ints(SHAPES, 0, DRAWN.length).toArray();
    }

    /** The statements of an application that writes single rows. */
    static int[] writes() {
        return IntStream.range(0, DRAWN.length)
                .filter(i -> DRAWN[i] == Shape.UPDATE || DRAWN[i] == Shape.UPSERT || DRAWN[i] == Shape.READ)
                .toArray();
    }

    static UserStatement draw(SplittableRandom random, int[] shapes, int ids, Subject subject, boolean isNewCode) {
        Shape shape = DRAWN[shapes[random.nextInt(shapes.length)]];
        @Nullable Object[] own = new Object[shape.parameters.length()];
        @Nullable Object[] truth = new Object[own.length];
        for (int i = 0; i < own.length; i++) {
            switch (shape.parameters.charAt(i)) {
                case 'i' -> {
                    truth[i] = 1L + random.nextInt(ids);
                    own[i] = truth[i];
                }
                case 'o' -> {
                    truth[i] = String.valueOf((char) ('p' + random.nextInt(3)));
                    own[i] = truth[i];
                }
                default -> {
                    truth[i] = random.nextInt(20) == 0 ? null : "v" + random.nextInt(VALUES);
                    own[i] = isNewCode ? subject.up(truth[i]) : truth[i];
                }
            }
        }
        return new UserStatement(shape, subject, isNewCode, own, truth);
    }

    String sql() {
        return isNewCode ? shape.anew : shape.old;
    }

    boolean isQuery() {
        return shape.old.startsWith("SELECT");
    }

    @Nullable
    Object[] parameters() {
        return own;
    }

    /** Which side a read in old names was sent to; null where the text does not tell. */
    @Nullable
    Boolean readsNew(String sent) {
        return isNewCode || shape != Shape.READ ? null : (Boolean) sent.contains("order_status");
    }

    /** Does the same to the truth; gives what is wrong, or null. */
    @Nullable
    String check(ModelServer server, Wire wire, Result result) {
        Result expected;
        try {
            expected = server.within(wire.session(), shape.truth, truth);
        } catch (RuntimeException e) {
            return "the server did what it could not have done on the truth: " + e.getMessage();
        }
        if (!isQuery()) {
            return expected.count() == result.count()
                    ? null
                    : "wrote " + result.count() + " rows where the truth has " + expected.count();
        }
        if (shape == Shape.READ_ALL && isNewCode && !result.labels().contains("order_status")) {
            return null; // New code that runs too early sees the table as it was.
        }
        if (shape == Shape.READ_ALL
                && !isNewCode
                && !server.columns("orders").contains("status")
                && Invariants.isClosed(server)) {
            return null; // Old code that runs on after the end.
        }
        List<@Nullable Object> seen = values(result);
        List<@Nullable Object> right = new ArrayList<>();
        for (@Nullable Object[] row : expected.rows()) {
            right.add(isNewCode && shape != Shape.FIND ? subject.up(row[0]) : row[0]);
        }
        return seen.equals(right) ? null : "read " + seen + " where " + right + " was right";
    }

    private List<@Nullable Object> values(Result result) {
        int column = 0;
        if (shape == Shape.READ_ALL && !result.rows().isEmpty()) {
            column = result.labels().indexOf(isNewCode ? "order_status" : "status");
            if (column < 0 || result.labels().size() != Subject.BEFORE.columns().size()) {
                return List.of("columns " + result.labels());
            }
        }
        List<@Nullable Object> values = new ArrayList<>();
        for (@Nullable Object[] row : result.rows()) {
            values.add(row[column]);
        }
        return values;
    }

    @Override
    public String toString() {
        return sql() + " " + Arrays.toString(own);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return Objects.hash(shape, isNewCode);
    }
}

package io.crossfade.model;

/**
 * Where a change stands. Stages are passed one at a time, in this order or in reverse, each behind a fence, so that two
 * neighbours may be live at once and never three.
 */
public enum Stage {
    /** Nothing is there: the change is declared, or was rolled back. */
    OFF,
    /** The new columns are being added, NULLable; nobody uses them. */
    EXPAND,
    /** Both sides are written, old is read; the backfill and the verification run. */
    DUALWRITE,
    /** Both sides are written and agree in every row; old is read. */
    SHADOW,
    /** Both sides are written; a share of the reads goes to new. */
    LIVE,
    /** Both sides are written, new is read and is the authority. */
    RAMPDOWN,
    /** Only new is written and read; the old columns are virtual. */
    COMPLETE,
    /** The old columns are dropped. */
    CONTRACT;

    /** Whether the old columns are written by clients at this stage. */
    public boolean writesOld() {
        return compareTo(COMPLETE) < 0;
    }

    /** Whether the new columns are written by clients at this stage. */
    public boolean writesNew() {
        return compareTo(DUALWRITE) >= 0;
    }

    /** Whether both sides are written: {@code dualwrite} to {@code rampdown}. */
    public boolean writesBoth() {
        return writesOld() && writesNew();
    }

    /** Whether a statement may name the new columns at all. */
    public boolean servesNew() {
        return writesNew();
    }

    /** The side that is right when the two disagree, in reads and in the predicates of UPDATE and DELETE. */
    public Side authority() {
        return compareTo(RAMPDOWN) >= 0 ? Side.NEW : Side.OLD;
    }

    public boolean atLeast(Stage other) {
        return compareTo(other) >= 0;
    }

    /** The stage one step further in the given direction; fails at either end. */
    public Stage towards(Direction direction) {
        int next = ordinal() + (direction == Direction.FORWARD ? 1 : -1);
        if (next < 0 || next >= values().length) {
            throw new IllegalStateException("no stage lies beyond " + word() + " going " + direction);
        }
        return values()[next];
    }

    /** The stage as it is written in messages, files and control tables: lower case. */
    public String word() {
        return switch (this) {
            case OFF -> "off";
            case EXPAND -> "expand";
            case DUALWRITE -> "dualwrite";
            case SHADOW -> "shadow";
            case LIVE -> "live";
            case RAMPDOWN -> "rampdown";
            case COMPLETE -> "complete";
            case CONTRACT -> "contract";
        };
    }

    /** The stage with this word; fails on an unknown one, listing the right ones. */
    public static Stage of(String word) {
        for (Stage stage : values()) {
            if (stage.word().equals(word)) {
                return stage;
            }
        }
        throw new IllegalArgumentException("\"" + word + "\" is not a stage; the stages are off, expand, dualwrite,"
                + " shadow, live, rampdown, complete, contract");
    }
}

package io.crossfade.sql;

import io.crossfade.dialect.SqlMode;
import io.crossfade.model.Side;
import io.crossfade.model.Stage;
import java.util.List;

/** The refusals that several planners share. */
final class Refusals {

    /** A refusal as the planners throw it: for good, not for a fallback. */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;
        final Plan.Refusal refusal;

        Refused(String reason, String message) {
            super(message);
            this.refusal = new Plan.Refusal(reason, message);
        }
    }

    private Refusals() {}

    static Refused refused(String reason, String verb, ChangingTable table, String seen, String todo) {
        return new Refused(
                reason,
                "cannot rewrite " + verb + " on " + table.name() + ": " + seen + "; " + todo + " (change "
                        + table.change().id() + ", stage " + table.stage().word() + ")");
    }

    /** Before dualwrite the new columns are not there for anybody. */
    static void requireServed(ChangingTable table, List<Reference> references) {
        if (!table.stage().servesNew()) {
            for (Reference r : references) {
                if (r.table().equals(table) && r.side() == Side.NEW) {
                    throw notYet("a statement", table, r.column());
                }
            }
        }
    }

    /** Under SIMULTANEOUS_ASSIGNMENT every value sees the row as it was, and {@code n = f(o)} would take the old o. */
    static void requireLeftToRight(ChangingTable table, SetList set, SqlMode mode) {
        if (mode.simultaneousAssignment() && set.assigns(table) && table.stage().writesNew()) {
            throw refused(
                    "simultaneous-assignment",
                    "UPDATE",
                    table,
                    "sql_mode has SIMULTANEOUS_ASSIGNMENT",
                    "take it out of this session's sql_mode");
        }
    }

    static Refused notYet(String verb, ChangingTable table, String column) {
        return refused(
                "new-column-too-early",
                verb,
                table,
                "\"" + column + "\" is served from stage " + Stage.DUALWRITE.word() + " on",
                "deploy code that names it after the migrator has passed that stage");
    }
}

package io.crossfade.sql;

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

    static Refused notYet(String verb, ChangingTable table, String column) {
        return refused(
                "new-column-too-early",
                verb,
                table,
                "\"" + column + "\" is served from stage " + Stage.DUALWRITE.word() + " on",
                "deploy code that names it after the migrator has passed that stage");
    }
}

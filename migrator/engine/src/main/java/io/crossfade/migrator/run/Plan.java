package io.crossfade.migrator.run;

import io.crossfade.migrator.check.Finding;
import io.crossfade.migrator.check.Rows;
import io.crossfade.migrator.mysql.TableFacts;
import io.crossfade.model.Change;
import io.crossfade.model.Stage;
import java.util.List;

/**
 * What a change will do, step by step. Immutable.
 *
 * @param change with names and expressions as they will be used
 * @param table its size
 * @param steps in order
 * @param findings what the preflight found; a fatal one keeps the change from starting
 * @param lints how many rows the mappings treat in a way worth knowing
 * @param lossy what old code would see from complete on where that is not what it sees now
 */
public record Plan(
        Change change,
        TableFacts table,
        List<Step> steps,
        List<Finding> findings,
        List<Rows.Answer> lints,
        List<Example> lossy) {

    public Plan {
        steps = List.copyOf(steps);
        findings = List.copyOf(findings);
        lints = List.copyOf(lints);
        lossy = List.copyOf(lossy);
    }

    public boolean isRefused() {
        return findings.stream().anyMatch(Finding::isFatal);
    }

    /**
     * One step.
     *
     * @param stage the stage that it belongs to
     * @param what what happens, in words
     * @param statements what is sent; for a walk its statement for one chunk
     * @param algorithm how the server does it: INSTANT, INPLACE, by chunks
     * @param locks what is locked and for how long
     * @param rows about how many rows are looked at or rebuilt; 0 for none
     * @param diskBytes about how much more disk is used; 0 for none
     */
    public record Step(
            Stage stage,
            String what,
            List<String> statements,
            String algorithm,
            String locks,
            long rows,
            long diskBytes) {

        public Step {
            statements = List.copyOf(statements);
        }
    }

    /**
     * One row that a lossy mapping changes.
     *
     * @param key its primary key
     * @param now what old code sees now; empty unless values were asked for
     * @param then what it would see from complete on; empty unless values were asked for
     */
    public record Example(String key, String now, String then) {}
}

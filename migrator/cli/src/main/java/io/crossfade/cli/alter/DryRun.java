package io.crossfade.cli.alter;

import io.crossfade.migrator.alter.AlterPlan;
import io.crossfade.migrator.alter.AlterPlanning;
import io.crossfade.migrator.alter.AlterRequest;
import io.crossfade.migrator.ghost.Rules;
import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.migrator.lint.Finding;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.throttle.ThrottleSettings;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Without {@code --execute}: what would be done, and what stands against it. The tables are not touched. */
final class DryRun {
    private DryRun() {}

    /**
     * Prints the plans; ends with the findings that refuse, if there are any.
     *
     * @param isJson whether each plan is an object on a line of its own, and nothing else is printed
     */
    static void show(
            AlterRequest request, Target target, ThrottleSettings throttles, boolean isJson, Surroundings around)
            throws SQLException {
        List<String> refused = new ArrayList<>();
        try (Connection connection = target.connections().open()) {
            if (!isJson) {
                printHead(target, throttles, around.out());
            }
            for (TableAlter each : request.tables()) {
                AlterPlan plan =
                        AlterPlanning.plan(connection, each, request.plannedBy(), request.switches(), around.cancel());
                if (isJson) {
                    around.out().println(DryRunOutput.json(plan, each));
                } else {
                    print(plan, each, around.out());
                }
                plan.findings().stream().filter(Finding::isRefusal).forEach(f -> refused.add(plan.table() + ": " + f));
            }
            around.out().flush();
        }
        if (!refused.isEmpty()) {
            throw MigrationException.refused("this would be refused: " + String.join("; ", refused));
        }
    }

    private static void printHead(Target target, ThrottleSettings throttles, PrintStream out) {
        out.println("dry run on " + target.source() + "; nothing is changed without --execute");
        if (throttles.statementMillisMax() > 0) {
            out.println("it holds back while more than 1 % of the drivers' statements on these tables take longer than "
                    + throttles.statementMillisMax() + " ms; the control tables are made where they are not there");
        }
    }

    private static void print(AlterPlan plan, TableAlter asked, PrintStream out) {
        boolean isGhost = plan.route().kind() == Rules.Route.GHOST;
        out.println();
        out.println("ALTER TABLE " + plan.table() + " " + asked.alter());
        line(out, "route", plan.route().kind() + ": " + plan.route().reason());
        line(out, "statement", plan.route().sql());
        line(out, "holds up", plan.route().locks());
        line(out, "rows", String.format(Locale.ROOT, "%,d%s", plan.rows(), plan.isExactRows() ? "" : ", estimated"));
        if (isGhost) {
            line(out, "key", plan.key());
            line(
                    out,
                    "tables",
                    plan.names().ghost().table() + " (the ghost), "
                            + plan.names().old().table() + " (the old table afterwards), "
                            + plan.names().changeLog().table() + ", "
                            + plan.names().checkpoint().table());
            if (!plan.renames().isEmpty()) {
                line(out, "renames", plan.renames().toString());
            }
            line(
                    out,
                    "disk",
                    mebibytes(plan.diskBytes()) + " for the ghost, at most " + mebibytes(plan.logBytes())
                            + " of change log; free: "
                            + (plan.freeBytes().isPresent()
                                    ? mebibytes(plan.freeBytes().getAsLong())
                                    : "not to be seen"));
            line(out, "time", clock(plan.expected()) + ", " + AlterPlan.rate());
        }
        for (Finding finding : plan.findings()) {
            line(out, finding.isRefusal() ? "REFUSED" : "warning", finding.toString());
        }
    }

    private static void line(PrintStream out, String name, String text) {
        out.println(String.format(Locale.ROOT, "  %-10s %s", name, text));
    }

    private static String mebibytes(long bytes) {
        return String.format(Locale.ROOT, "%,d MiB", bytes / (1024 * 1024));
    }

    private static String clock(Duration time) {
        return time.toMinutes() > 0 ? "about " + time.toMinutes() + " min" : "about " + time.toSeconds() + " s";
    }
}

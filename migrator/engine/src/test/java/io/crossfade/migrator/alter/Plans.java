package io.crossfade.migrator.alter;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.migrator.ghost.Rules;
import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.migrator.lint.Finding;
import io.crossfade.migrator.mysql.Connections;
import io.crossfade.migrator.mysql.SomeRules;
import io.crossfade.model.TableName;
import io.crossfade.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Consumer;

/** What tests of plans share: a plan for table {@code t}, and how its findings are looked at. */
final class Plans {

    private Plans() {}

    static AlterPlan plan(TestDatabase database, String alter, Consumer<SomeRules> wishes) throws SQLException {
        try (Connection connection = new Connections(database::connect).open()) {
            return AlterPlanning.plan(
                    connection, new TableAlter(new TableName(database.name(), "t"), alter), SomeRules.with(wishes));
        }
    }

    /** {@link #ofTable What} a ghost's plan finds. */
    static List<Finding> ghost(TestDatabase database, String alter) throws SQLException {
        return ghost(database, alter, r -> {});
    }

    /** The same with other wishes. */
    static List<Finding> ghost(TestDatabase database, String alter, Consumer<SomeRules> wishes) throws SQLException {
        Consumer<SomeRules> route = r -> r.route = Rules.Route.GHOST;
        return ofTable(plan(database, alter, route.andThen(wishes)));
    }

    /** What a plan finds in table and ALTER; what the server's settings give rise to differs between servers. */
    static List<Finding> ofTable(AlterPlan plan) {
        return plan.findings().stream()
                .filter(f -> !f.seen().startsWith("innodb_"))
                .toList();
    }

    static void refuses(Finding finding, String... words) {
        assertThat(finding.severity()).isEqualTo(Finding.Severity.REFUSE);
        assertThat(finding.toString()).contains(words);
    }

    static void warns(Finding finding, String... words) {
        assertThat(finding.severity()).isEqualTo(Finding.Severity.WARN);
        assertThat(finding.toString()).contains(words);
    }
}

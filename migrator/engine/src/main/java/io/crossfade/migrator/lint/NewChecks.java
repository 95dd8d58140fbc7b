package io.crossfade.migrator.lint;

import io.crossfade.dialect.SqlMode;
import io.crossfade.dialect.Tokens;
import io.crossfade.migrator.ghost.TableChange;
import io.crossfade.migrator.mysql.AlterText;
import io.crossfade.migrator.mysql.Server;
import io.crossfade.migrator.mysql.TableCheck;
import io.crossfade.model.Column;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** CHECKs that the new table has and the old one has not: a row that does not pass one would stop the copy. */
final class NewChecks {
    private final Server server;
    private final AlterText text;
    private final TableChange change;
    private final List<Question> questions = new ArrayList<>();
    private final List<Finding> findings = new ArrayList<>();

    private NewChecks(Server server, AlterText text, TableChange change) {
        this.server = server;
        this.text = text;
        this.change = change;
    }

    static NewChecks of(Connection connection, Server server, AlterText text, TableChange change) throws SQLException {
        NewChecks checks = new NewChecks(server, text, change);
        List<String> before = new ArrayList<>();
        Map<String, String> asleep = new HashMap<>();
        for (TableCheck check :
                TableCheck.of(connection, server, change.source().name())) {
            if (check.isEnforced()) {
                before.add(check.clause());
            } else {
                asleep.put(check.clause(), check.name());
            }
        }
        for (TableCheck check : TableCheck.of(connection, server, change.ghost().name())) {
            if (!before.remove(check.clause()) && check.isEnforced()) {
                checks.look(check, asleep.get(check.clause()));
            }
        }
        return checks;
    }

    /** What the rows can be asked. */
    List<Question> questions() {
        return questions;
    }

    /** What is left to the copy. */
    List<Finding> findings() {
        return findings;
    }

    /**
     * @param asleep what it is called on the old table, where it is there but not enforced; null where it is not
     */
    private void look(TableCheck check, @Nullable String asleep) {
        Tokens tokens = server.dialect().lex(check.sql(), SqlMode.DEFAULT);
        if (text.renames().values().stream().anyMatch(r -> Gone.names(tokens, r.to()))) {
            return; // The same one, in the words of the new name.
        }
        boolean hasName = !check.name().startsWith(change.ghost().name().table());
        String shown = hasName ? check.name() : asleep;
        String named = "CHECK " + (shown == null ? check.sql() : "\"" + shown + "\"");
        String since = asleep == null ? "is new" : "is enforced from now on";
        boolean isOfRows = change.ghost().columns().stream()
                .map(Column::name)
                .filter(c -> Gone.names(tokens, c))
                .allMatch(this::isKept);
        if (isOfRows) {
            questions.add(new Question(
                    "(" + check.sql() + ") IS FALSE",
                    "do not pass " + named + ", which " + since,
                    "mend these rows first, or let the CHECK pass them"));
        } else {
            findings.add(Finding.warn(
                    named
                            + " " + since
                            + " and names a column that is new or computed: whether every row passes is not to be seen"
                            + " beforehand",
                    "a row that does not stops the run"));
        }
    }

    private boolean isKept(String column) {
        return change.pairs().stream()
                .anyMatch(p -> p.ghost().name().equalsIgnoreCase(column)
                        && p.source().name().equalsIgnoreCase(column));
    }
}

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
import java.util.List;

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
        TableCheck.of(connection, server, change.source().name()).stream()
                .filter(TableCheck::isEnforced)
                .forEach(c -> before.add(c.clause()));
        for (TableCheck check : TableCheck.of(connection, server, change.ghost().name())) {
            if (!before.remove(check.clause()) && check.isEnforced()) {
                checks.look(check);
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

    private void look(TableCheck check) {
        Tokens tokens = server.dialect().lex(check.sql(), SqlMode.DEFAULT);
        if (text.renames().values().stream().anyMatch(r -> Gone.names(tokens, r.to()))) {
            return; // The same one, in the words of the new name.
        }
        boolean hasName = !check.name().startsWith(change.ghost().name().table());
        String named = "CHECK " + (hasName ? "\"" + check.name() + "\"" : check.sql());
        boolean isOfRows = change.ghost().columns().stream()
                .map(Column::name)
                .filter(c -> Gone.names(tokens, c))
                .allMatch(this::isKept);
        if (isOfRows) {
            questions.add(new Question(
                    "(" + check.sql() + ") IS FALSE",
                    "do not pass " + named + ", which is new",
                    "mend these rows first, or let the CHECK pass them"));
        } else {
            findings.add(Finding.warn(
                    named
                            + " is new and names a column that is new or computed: whether every row passes is not to be seen"
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

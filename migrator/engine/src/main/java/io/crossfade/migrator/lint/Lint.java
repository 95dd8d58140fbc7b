package io.crossfade.migrator.lint;

import io.crossfade.migrator.ghost.ColumnPair;
import io.crossfade.migrator.ghost.Rules;
import io.crossfade.migrator.ghost.TableChange;
import io.crossfade.migrator.mysql.AlterText;
import io.crossfade.migrator.mysql.Clause;
import io.crossfade.migrator.mysql.Index;
import io.crossfade.migrator.mysql.Server;
import io.crossfade.migrator.mysql.TableCheck;
import io.crossfade.model.Table;
import io.crossfade.model.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Looks at an ALTER before it is begun. The first half asks the catalog only; the second reads the table, once for all columns
 * whose values could be lost and once more for each unique key that is new, and nothing where there is no such column or key.
 *
 * <p>One thread at a time.
 */
public final class Lint {
    private final Connection connection;
    private final Server server;
    private final AlterText text;
    private final Rules rules;
    private final Runnable check;

    public Lint(Connection connection, Server server, AlterText text, Rules rules, Runnable check) {
        this.connection = connection;
        this.server = server;
        this.text = text;
        this.rules = rules;
        this.check = check;
    }

    /**
     * What the catalog shows.
     *
     * @param after the table as it would be: the ghost, or an empty clone with the ALTER put to it
     */
    public List<Finding> structure(Table before, Table after) throws SQLException {
        List<Finding> findings = new ArrayList<>(new Structure(text, rules, before, after, hasRows(before.name()))
                .look(Index.of(connection, before.name()), Index.of(connection, after.name())));
        List<String> gone = Stream.concat(
                        text.all(Clause.DropColumn.class).stream()
                                .map(Clause.DropColumn::column)
                                .filter(c -> !after.has(c)),
                        text.renames().values().stream().map(Clause.ChangeColumn::from))
                .toList();
        Gone lost = new Gone(server, text);
        findings.addAll(lost.indexes(Index.of(connection, before.name())));
        findings.addAll(lost.checks(
                TableCheck.of(connection, server, before.name()), TableCheck.of(connection, server, after.name())));
        findings.addAll(new Uses(connection, server, before.name()).of(gone));
        return accepted(findings);
    }

    /** What the rows show: those that would be lost, bent, or meet another. */
    public List<Finding> rows(TableChange change) throws SQLException {
        Losses losses = new Losses(server.dialect());
        List<Question> questions = new ArrayList<>();
        for (ColumnPair pair : change.pairs()) {
            questions.addAll(losses.of(pair));
        }
        Checks checks = Checks.of(connection, server, text, change);
        questions.addAll(checks.questions());
        NewPartitions partitions = NewPartitions.of(connection, server.dialect(), change);
        questions.addAll(partitions.questions());
        List<Finding> findings = new ArrayList<>(checks.findings());
        findings.addAll(partitions.findings());
        findings.addAll(new NameExchange(connection, server.dialect()).look(change));
        findings.addAll(new RowScan(connection, change.sourceKey(), check).ask(questions));
        findings.addAll(new Duplicates(connection, server.dialect(), change, check)
                .look(Index.of(connection, change.ghost().name())));
        return accepted(findings);
    }

    private List<Finding> accepted(List<Finding> findings) {
        return rules.acceptsLint() ? findings.stream().map(Finding::accepted).toList() : List.copyOf(findings);
    }

    private boolean hasRows(TableName table) throws SQLException {
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery(
                        "SELECT EXISTS (SELECT 1 FROM " + server.dialect().quote(table.schema()) + "."
                                + server.dialect().quote(table.table()) + ")")) {
            return r.next() && r.getInt(1) == 1;
        }
    }
}

package io.crossfade.migrator.lint;

import io.crossfade.dialect.SqlMode;
import io.crossfade.dialect.Tokens;
import io.crossfade.migrator.mysql.AlterText;
import io.crossfade.migrator.mysql.Clause;
import io.crossfade.migrator.mysql.Index;
import io.crossfade.migrator.mysql.Server;
import io.crossfade.migrator.mysql.TableCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Indexes and CHECKs that go, or become others, though the ALTER does not say so: with a column, or with its definition. */
final class Gone {
    private final Server server;
    private final AlterText text;
    private final List<String> dropped;

    Gone(Server server, AlterText text) {
        this.server = server;
        this.text = text;
        this.dropped = text.all(Clause.DropColumn.class).stream()
                .map(Clause.DropColumn::column)
                .toList();
    }

    /** The server takes a dropped column out of an index in silence: a unique key becomes narrower, and another the same as a second. */
    List<Finding> indexes(List<Index> before) {
        List<Finding> findings = new ArrayList<>();
        for (Index index : before) {
            boolean isSaid = text.all(Clause.DropIndex.class).stream()
                    .anyMatch(d -> d.index().equalsIgnoreCase(index.name()));
            List<String> named = dropped.stream().filter(index::names).toList();
            if (isSaid || named.isEmpty()) {
                continue;
            }
            findings.add(Finding.warn(
                    named.size() < index.parts().size()
                            ? "index \"" + index.name() + "\" holds " + String.join(", ", named)
                                    + ", and a column that is dropped is taken out of it"
                            : "index \"" + index.name() + "\" holds nothing but " + String.join(", ", named)
                                    + ", and goes with it",
                    "drop or replace the index in the same ALTER if that is not meant"));
        }
        return findings;
    }

    List<Finding> checks(List<TableCheck> before, List<TableCheck> after) {
        List<Finding> findings = new ArrayList<>();
        List<String> left =
                new ArrayList<>(after.stream().map(TableCheck::clause).toList());
        for (TableCheck check : before) {
            boolean isSaid = text.all(Clause.NamedCheck.class).stream()
                    .anyMatch(c -> c.name().equalsIgnoreCase(check.name()));
            Tokens tokens = server.dialect().lex(check.sql(), SqlMode.DEFAULT);
            boolean isReworded = text.renames().values().stream().anyMatch(r -> names(tokens, r.from()));
            if (left.remove(check.clause()) || isSaid || isReworded) {
                continue;
            }
            List<String> named = dropped.stream().filter(c -> names(tokens, c)).toList();
            findings.add(Finding.warn(
                    "CHECK \"" + check.name() + "\" "
                            + (named.isEmpty()
                                    ? "goes: this server keeps a column's CHECK only where its new definition says it"
                                            + " again"
                                    : "names nothing but " + String.join(", ", named) + ", and goes with it"),
                    "add it anew in the same ALTER if that is not meant"));
        }
        return findings;
    }

    static boolean names(Tokens tokens, String column) {
        return IntStream.range(0, tokens.size()).anyMatch(i -> tokens.isNamed(i, column));
    }
}

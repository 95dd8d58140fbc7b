package io.crossfade.migrator.cutover;

import io.crossfade.dialect.MySqlDialect;
import io.crossfade.model.TableName;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The statements of a cut-over. Immutable. */
record Statements(MySqlDialect dialect) {

    String quoted(TableName name) {
        return dialect.quote(name.schema()) + "." + dialect.quote(name.table());
    }

    /** {@code LOCK TABLES t WRITE, _t_gho WRITE}. */
    String lock(Stream<TableName> tables) {
        return "LOCK TABLES " + tables.map(t -> quoted(t) + " WRITE").collect(Collectors.joining(", "));
    }

    /** {@code RENAME TABLE t TO _t_del, _t_gho TO t}: one statement, and so all or nothing. */
    String rename(List<Swap> swaps) {
        return "RENAME TABLE "
                + swaps.stream()
                        .map(w -> to(w.table(), w.outgoing()) + ", " + to(w.incoming(), w.table()))
                        .collect(Collectors.joining(", "));
    }

    String to(TableName from, TableName to) {
        return quoted(from) + " TO " + quoted(to);
    }
}

package io.crossfade.migrator.check;

import io.crossfade.dialect.SqlMode;
import io.crossfade.dialect.Tokens;
import io.crossfade.migrator.chunk.Key;
import io.crossfade.migrator.mysql.Server;
import io.crossfade.migrator.signal.Cancel;
import io.crossfade.model.Change;
import io.crossfade.model.Mapping;
import io.crossfade.model.NewColumn;
import io.crossfade.model.OldColumn;
import io.crossfade.model.Table;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the checks look at: a change that is resolved against its table, and the server.
 *
 * <p>One thread at a time.
 */
public record Subject(Connection connection, Server server, Change change, Table table, Key key, Cancel cancel) {

    /** One row of a catalog query, NULL as an empty text. */
    interface Row {
        String text(int column) throws SQLException;
    }

    interface Reader {
        void row(Row row) throws SQLException;
    }

    /** The old columns that go away. */
    public Set<String> replaced() {
        Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        change.mappings().stream()
                .filter(m -> m.kind().replacesOld())
                .flatMap(m -> m.olds().stream())
                .map(OldColumn::name)
                .forEach(names::add);
        return names;
    }

    /** All columns of both sides. */
    public Set<String> changing() {
        Set<String> names = replaced();
        change.mappings().stream()
                .flatMap(m -> m.news().stream())
                .map(NewColumn::name)
                .forEach(names::add);
        return names;
    }

    /** All columns of both sides, those that a derive reads among them. */
    public Set<String> written() {
        Set<String> names = changing();
        for (Mapping mapping : change.mappings()) {
            mapping.olds().forEach(o -> names.add(o.name()));
        }
        return names;
    }

    /** Which of these names stand in a text of SQL, as identifiers and not in strings or comments. */
    Set<String> named(String sql, Set<String> names) {
        Tokens tokens = server.dialect().lex(sql, SqlMode.DEFAULT);
        Set<String> found = new TreeSet<>();
        for (int i = 0; i < tokens.size(); i++) {
            if (tokens.isName(i) && names.contains(tokens.name(i))) {
                found.add(tokens.name(i).toLowerCase(Locale.ROOT));
            }
        }
        // A text in double quotes is an identifier where it was written under ANSI_QUOTES.
        if (found.isEmpty() && sql.indexOf('"') >= 0) {
            Tokens ansi = server.dialect().lex(sql, SqlMode.of("ANSI_QUOTES"));
            for (int i = 0; i < ansi.size(); i++) {
                if (ansi.isName(i) && names.contains(ansi.name(i))) {
                    found.add(ansi.name(i).toLowerCase(Locale.ROOT));
                }
            }
        }
        return found;
    }

    boolean namesTable(String sql) {
        Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        names.add(table.name().table());
        return !named(sql, names).isEmpty();
    }

    /** The table in quotes, with its schema. */
    String quotedTable() {
        return key.quotedTable();
    }

    /** Reads rows of the catalog. */
    void read(String sql, Reader reader, String... parameters) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                s.setString(i + 1, parameters[i]);
            }
            try (ResultSet r = s.executeQuery()) {
                while (r.next()) {
                    reader.row(column -> {
                        @Nullable String text = r.getString(column);
                        return text == null ? "" : text;
                    });
                }
            }
        }
    }

    /** The same, with the schema and the table as parameters. */
    List<String> names(String sql) throws SQLException {
        List<String> names = new ArrayList<>();
        read(
                sql,
                row -> names.add(row.text(1)),
                table.name().schema(),
                table.name().table());
        return names;
    }
}

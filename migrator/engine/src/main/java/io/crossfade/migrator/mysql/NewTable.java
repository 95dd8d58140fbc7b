package io.crossfade.migrator.mysql;

import io.crossfade.dialect.Dialect;
import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.model.Table;
import io.crossfade.model.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What an ALTER made of an empty copy, looked at for what only the server sees in its words: {@code ADD p INT REFERENCES parent} is a
 * foreign key on one server and none on another. Immutable.
 */
record NewTable(Connection connection, TableAlter alter, Table after) {

    /** The column that InnoDB counts the documents of a FULLTEXT index by, where a table has one of that name. */
    private static final String DOCUMENT = "FTS_DOC_ID";

    private static final Pattern STRING = Pattern.compile("'(?:[^'\\\\]|''|\\\\.)*'");

    /** Refuses what no ghost can be filled with. */
    void check() throws SQLException {
        TableName name = after.name();
        TableFacts facts = TableFacts.of(connection, name).orElseThrow();
        if (!facts.type().equals("base table")) {
            throw refused(
                    "it would be of kind " + facts.type().toUpperCase(Locale.ROOT)
                            + ", which holds what no copy of its rows shows",
                    "alter it directly");
        }
        List<String> keys = Ties.foreignKeys(connection, name);
        if (!keys.isEmpty()) {
            throw refused(Ties.NEW_KEY, Ties.NEW_KEY_REMEDY);
        }
        boolean hasDocuments = after.columns().stream().anyMatch(c -> c.name().equals(DOCUMENT))
                && Index.of(connection, name).stream().anyMatch(i -> i.type().equals("FULLTEXT"));
        if (hasDocuments) {
            throw refused(
                    "it has a FULLTEXT index and a column " + DOCUMENT
                            + " of its own, whose numbers the server takes in rising order only",
                    "drop its FULLTEXT indexes first and make them anew afterwards");
        }
        if (hasSecondaryEngine(name)) {
            throw refused(
                    "it would have a secondary engine, and the server changes no such table",
                    "set SECONDARY_ENGINE directly, afterwards; it needs no copy of the table");
        }
    }

    /** The catalog's options do not tell everywhere; a comment may. */
    private boolean hasSecondaryEngine(TableName name) throws SQLException {
        Dialect dialect = Server.of(connection).dialect();
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery(
                        "SHOW CREATE TABLE " + dialect.quote(name.schema()) + "." + dialect.quote(name.table()))) {
            r.next();
            String create = r.getString(2);
            String options = create.substring(Math.max(0, create.lastIndexOf("\n) ")));
            return STRING.matcher(options).replaceAll("''").contains("SECONDARY_ENGINE=");
        }
    }

    private MigrationException refused(String seen, String todo) {
        return MigrationException.refused("cannot alter table \"" + alter.table() + "\"; " + seen + "; " + todo);
    }
}

package io.crossfade.migrator.checkpoint;

import io.crossfade.dialect.MySqlDialect;
import io.crossfade.model.Column;
import io.crossfade.model.TableName;
import io.crossfade.state.CatalogReader;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a table looked like, to tell later whether it still does. Immutable.
 *
 * @param columns name, type and character set of each, in their order: what the log's row images are read by
 * @param definition all that SHOW CREATE TABLE says, but for what differs between a table and its ghost anyway: the table's name, those
 *     of constraints, the next AUTO_INCREMENT value
 */
public record Shape(List<String> columns, String definition) {

    /** Shown by servers before 8.0.19 and of no meaning. */
    private static final Pattern DISPLAY_WIDTH = Pattern.compile("int\\(\\d+\\)");

    private static final Pattern VARYING = Pattern.compile(" AUTO_INCREMENT=\\d+|CONSTRAINT `(?:[^`]|``)*` ");

    public Shape {
        columns = List.copyOf(columns);
    }

    /** The shape of a table as it is now; empty where there is no such table. */
    public static Optional<Shape> of(Connection connection, MySqlDialect dialect, TableName name) throws SQLException {
        Optional<List<String>> columns = new CatalogReader(connection)
                .table(name)
                .map(t -> t.columns().stream().map(Shape::shown).toList());
        if (columns.isEmpty()) {
            return Optional.empty();
        }
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery(
                        "SHOW CREATE TABLE " + dialect.quote(name.schema()) + "." + dialect.quote(name.table()))) {
            r.next();
            String create = r.getString(2);
            String body = create.substring(create.indexOf('\n') + 1);
            return Optional.of(new Shape(columns.get(), VARYING.matcher(body).replaceAll(" ")));
        }
    }

    private static String shown(Column column) {
        String charset = column.charset();
        return column.name() + " " + DISPLAY_WIDTH.matcher(column.type()).replaceAll("int")
                + (charset == null ? "" : " " + charset);
    }
}

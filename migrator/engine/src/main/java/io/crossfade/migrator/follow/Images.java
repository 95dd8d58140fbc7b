package io.crossfade.migrator.follow;

import io.crossfade.dialect.Dialect;
import io.crossfade.dialect.Sides;
import io.crossfade.migrator.chunk.Key;
import io.crossfade.migrator.row.Literals;
import io.crossfade.migrator.session.SqlFailure;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.model.Column;
import io.crossfade.model.Table;
import io.crossfade.state.ChangeState;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Row images in a temporary table of this session, with the table's own column types, so that the server says of them what it would
 * say of the rows: by the very expressions of {@link Sides}.
 *
 * <pre>
 * n  c0      c1
 * 0  'paid'  'new'      an image of (status, order_status)
 * </pre>
 *
 * <p>One thread at a time.
 */
final class Images {
    private static final String TABLE = "`_crossfade_images`";

    /** A statement is sent when it has become this long; the smallest `max_allowed_packet` by default is 4 MiB. */
    private static final int STATEMENT_CHARS = 1 << 20;

    /** A default that is the same for every row, as the catalog writes it. */
    private static final Pattern CONSTANT = Pattern.compile("'(?:[^'\\\\]|'')*'|-?[0-9.]+");

    private static final Pattern NUMERIC =
            Pattern.compile("tinyint|smallint|mediumint|int|bigint|decimal|float|double");

    private final Connection connection;
    private final Dialect dialect;
    private final Key key;
    private final List<MappedColumns> mappings;
    private final Map<Integer, Column> columns = new LinkedHashMap<>();
    private final Map<String, Integer> places = new LinkedHashMap<>();
    private final String judging;
    private final boolean isZoned;
    private boolean isThere;

    /**
     * What the server says of one mapping of one image.
     *
     * @param oldBlank how little the old side says: 0 a value, 1 its default, 2 NULL
     * @param newBlank the same of the new side
     */
    record Verdict(boolean agrees, int oldBlank, int newBlank) {}

    /**
     * @param connection in autocommit mode; the temporary table is its own
     * @param table the changing table as the catalog has it
     */
    Images(
            Connection connection,
            Dialect dialect,
            ChangeState change,
            Table table,
            Key key,
            List<MappedColumns> mappings) {
        this.connection = connection;
        this.dialect = dialect;
        this.key = key;
        this.mappings = List.copyOf(mappings);
        for (MappedColumns mapping : mappings) {
            for (List<Integer> side : List.of(mapping.olds(), mapping.news())) {
                for (int place : side) {
                    Column column = table.columns().get(place);
                    columns.put(place, column);
                    places.put(column.name().toLowerCase(Locale.ROOT), place);
                }
            }
        }
        this.isZoned = columns.values().stream().anyMatch(c -> c.baseType().equals("timestamp"));
        this.judging = judging(change);
    }

    private String judging(ChangeState change) {
        UnaryOperator<String> naming = name -> "c" + places.get(name.toLowerCase(Locale.ROOT));
        List<String> selected = new ArrayList<>();
        List<String> agreements = new ArrayList<>();
        for (MappedColumns mapping : mappings) {
            String agree = new Sides(dialect, mapping.mapping(), change.before()).agree(naming);
            agreements.add(agree);
            selected.add(agree);
            selected.add(blank(mapping.olds()));
            selected.add(blank(mapping.news()));
        }
        return "SELECT n, " + String.join(", ", selected) + " FROM " + TABLE + " WHERE NOT ("
                + String.join(" AND ", agreements) + ") ORDER BY n";
    }

    /** A side says as much as the column of it that says most. */
    private String blank(List<Integer> side) {
        List<String> terms = side.stream()
                .map(place -> {
                    String name = "c" + place;
                    return "CASE WHEN " + name + " IS NULL THEN 2 WHEN " + isDefault(name, column(place))
                            + " THEN 1 ELSE 0 END";
                })
                .toList();
        return terms.isEmpty() ? "0" : terms.size() == 1 ? terms.get(0) : "LEAST(" + String.join(", ", terms) + ")";
    }

    private String isDefault(String name, Column column) {
        String value = column.defaultSql();
        if (value == null && !column.nullable()) {
            // What a server that is not strict puts in.
            boolean isNumber = NUMERIC.matcher(column.baseType()).matches();
            value = isNumber ? "0" : column.isText() ? "''" : null;
        }
        return value != null && CONSTANT.matcher(value).matches() ? dialect.same(name, value, column) : "FALSE";
    }

    private Column column(int place) {
        return Objects.requireNonNull(columns.get(place));
    }

    /**
     * Puts these images in the place of those that were there, numbered from 0.
     *
     * @throws MigrationException where an image cannot be put: a JSON value that no SQL gives, one larger than a packet
     */
    void put(List<Written> rows) throws SQLException {
        try (Statement s = connection.createStatement()) {
            if (!isThere) {
                s.execute("CREATE TEMPORARY TABLE IF NOT EXISTS " + TABLE + " (n INT NOT NULL PRIMARY KEY, "
                        + columns.entrySet().stream()
                                .map(c -> "c" + c.getKey() + " " + definition(c.getValue()))
                                .collect(Collectors.joining(", "))
                        + ") ENGINE=InnoDB");
                isThere = true;
            }
            s.execute("DELETE FROM " + TABLE);
            if (isZoned) {
                s.execute("SET SESSION time_zone = '+00:00'");
            }
            insert(s, rows);
            if (isZoned) {
                s.execute("SET SESSION time_zone = @@GLOBAL.time_zone");
            }
        } catch (IllegalArgumentException e) {
            throw unreadable(String.valueOf(e.getMessage()), e);
        } catch (SQLException e) {
            if (String.valueOf(e.getSQLState()).startsWith("08")) {
                throw e;
            }
            throw unreadable("the server says: " + SqlFailure.shown(e), e);
        }
    }

    private void insert(Statement s, List<Written> rows) throws SQLException {
        StringBuilder insert = new StringBuilder();
        for (int i = 0; i < rows.size(); i++) {
            insert.append(insert.isEmpty() ? "INSERT IGNORE INTO " + TABLE + " VALUES " : ", ")
                    .append(literals(i, rows.get(i)));
            if (insert.length() > STATEMENT_CHARS || i == rows.size() - 1) {
                s.execute(insert.toString());
                insert.setLength(0);
            }
        }
    }

    private MigrationException unreadable(String seen, Exception cause) {
        return MigrationException.failed(
                "cannot follow the changes of " + key.quotedTable() + "; a row image cannot be looked at: " + seen
                        + "; compare all rows by `crossfade verify`",
                cause);
    }

    private static String definition(Column column) {
        return column.type()
                + (column.charset() == null ? "" : " CHARACTER SET " + column.charset())
                + (column.collation() == null ? "" : " COLLATE " + column.collation())
                + " NULL DEFAULT NULL";
    }

    private String literals(int n, Written written) {
        return columns.entrySet().stream()
                .map(c -> Literals.of(c.getValue(), written.row().value(c.getKey())))
                .collect(Collectors.joining(", ", "(" + n + ", ", ")"));
    }

    /** By its number, each image in which a mapping's sides disagree, with what is to be said of each mapping. */
    Map<Integer, List<Verdict>> judge() throws SQLException {
        Map<Integer, List<Verdict>> disagreeing = new LinkedHashMap<>();
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery(judging)) {
            while (r.next()) {
                List<Verdict> verdicts = new ArrayList<>();
                for (int i = 0; i < mappings.size(); i++) {
                    verdicts.add(new Verdict(r.getBoolean(2 + 3 * i), r.getInt(3 + 3 * i), r.getInt(4 + 3 * i)));
                }
                disagreeing.put(r.getInt(1), verdicts);
            }
        }
        return disagreeing;
    }

    /** A condition on the changing table: a mapping's columns hold just what an image holds. */
    String isStill(int n, MappedColumns mapping) {
        List<String> terms = new ArrayList<>();
        for (List<Integer> side : List.of(mapping.olds(), mapping.news())) {
            for (int place : side) {
                Column column = column(place);
                String here = key.quotedTable() + "." + dialect.quote(column.name());
                terms.add(dialect.same(here, "i.c" + place, column));
            }
        }
        // A scalar sub-query: the server may not make a join of it, and so another order of the assignments.
        return "(SELECT " + String.join(" AND ", terms) + " FROM " + TABLE + " i WHERE i.n = " + n + ")";
    }
}

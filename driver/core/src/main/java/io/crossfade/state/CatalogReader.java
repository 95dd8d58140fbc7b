package io.crossfade.state;

import io.crossfade.model.Column;
import io.crossfade.model.Table;
import io.crossfade.model.TableName;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads tables from the server's catalog. Nothing is kept: each call asks.
 *
 * <p>One thread at a time, as its connection.
 */
public final class CatalogReader {

    private static final String COLUMNS =
            "SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, COLUMN_TYPE, IS_NULLABLE, COLUMN_DEFAULT, CHARACTER_SET_NAME,"
                    + " COLLATION_NAME, EXTRA, COLUMN_COMMENT, VERSION() LIKE '%MariaDB%', COLUMN_KEY"
                    + " FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?"
                    + " ORDER BY ORDINAL_POSITION";

    private final Connection connection;

    /**
     * @param connection a plain connection, used by nobody else while a method runs
     */
    public CatalogReader(Connection connection) {
        this.connection = connection;
    }

    /** The table or view as it stands, its columns in order; empty where there is none or the user may not see it. */
    public Optional<Table> table(TableName name) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement(COLUMNS)) {
            s.setString(1, name.schema());
            s.setString(2, name.table());
            try (ResultSet r = s.executeQuery()) {
                TableName spelled = name;
                List<Column> columns = new ArrayList<>();
                List<String> primaryKey = new ArrayList<>();
                while (r.next()) {
                    spelled = new TableName(r.getString(1), r.getString(2));
                    columns.add(column(r));
                    if ("PRI".equals(r.getString(12))) {
                        primaryKey.add(r.getString(3));
                    }
                }
                return columns.isEmpty() ? Optional.empty() : Optional.of(new Table(spelled, columns, primaryKey));
            }
        }
    }

    private static Column column(ResultSet r) throws SQLException {
        String type = r.getString(4);
        String extra = r.getString(9).toUpperCase(Locale.ROOT);
        String bareDefault = r.getString(6);
        boolean isMariaDb = r.getBoolean(11);
        String comment = r.getString(10);
        return new Column(
                r.getString(3),
                type,
                "YES".equals(r.getString(5)),
                isMariaDb ? mariaDbDefault(bareDefault) : mySqlDefault(bareDefault, type, extra),
                r.getString(7),
                r.getString(8),
                extra.contains("ON UPDATE CURRENT_TIMESTAMP"),
                extra.contains("VIRTUAL") || extra.contains("STORED GENERATED") || extra.contains("PERSISTENT"),
                extra.contains("AUTO_INCREMENT"),
                extra.contains("INVISIBLE"),
                comment == null ? "" : comment);
    }

    /** MariaDB shows SQL: {@code 'x'}, {@code 1}, {@code current_timestamp()}, and {@code NULL} for a column without one. */
    private static @Nullable String mariaDbDefault(@Nullable String shown) {
        return shown == null || shown.equalsIgnoreCase("NULL") ? null : shown;
    }

    /**
     * MySQL shows a literal without its quotes ({@code x}), an expression with its own quotes escaped
     * ({@code concat(_utf8mb4\'a\',uuid())}), bits and bytes as {@code b'101'} and {@code 0x6162}.
     */
    private static @Nullable String mySqlDefault(@Nullable String shown, String type, String extra) {
        if (shown == null) {
            return null;
        }
        String base = Column.plain("c", type).baseType();
        boolean isTime = base.equals("timestamp") || base.equals("datetime");
        if (isTime && shown.toUpperCase(Locale.ROOT).startsWith("CURRENT_TIMESTAMP")) {
            return shown;
        }
        if (extra.contains("DEFAULT_GENERATED")) {
            return "(" + shown.replace("\\'", "'").replace("\\\\", "\\") + ")";
        }
        boolean isSpelledOut = (base.equals("bit") && shown.startsWith("b'"))
                || ((base.equals("binary") || base.equals("varbinary")) && shown.startsWith("0x"));
        return isSpelledOut ? shown : literal(shown);
    }

    /** A string literal that means the same whether or not the sql_mode takes a backslash for an escape. */
    private static String literal(String value) {
        if (value.indexOf('\\') < 0) {
            return "'" + value.replace("'", "''") + "'";
        }
        return "_utf8mb4 0x" + HexFormat.of().formatHex(value.getBytes(StandardCharsets.UTF_8));
    }
}

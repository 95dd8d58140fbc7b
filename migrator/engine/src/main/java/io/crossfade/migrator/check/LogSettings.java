package io.crossfade.migrator.check;

import io.crossfade.migrator.mysql.Replication;
import io.crossfade.migrator.mysql.Server;
import io.crossfade.migrator.mysql.Switches;
import io.crossfade.model.Column;
import io.crossfade.model.Table;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether a server's change log tells every change of a table, whole, to this user, and for long enough. */
public final class LogSettings {

    /** A run may be stopped over a night and resumed. */
    private static final long KEPT_SECONDS_MIN = 12 * 3600;

    private static final long SECONDS_PER_DAY = 86_400;

    private final Connection connection;
    private final Server server;
    private final List<Finding> findings = new ArrayList<>();

    private LogSettings(Connection connection, Server server) {
        this.connection = connection;
        this.server = server;
    }

    /**
     * What stands in the way; empty where all is well.
     *
     * @param switches the settings that the caller changes
     */
    public static List<Finding> look(Connection connection, Table table, Switches switches) throws SQLException {
        LogSettings look = new LogSettings(connection, Server.of(connection));
        if (!look.isOn("log_bin")) {
            return List.of(Finding.fatal(
                    "the server keeps no change log (log_bin is off), so changes made during the copy would be lost",
                    "start it with log_bin"));
        }
        look.format(switches.toRow());
        look.images();
        look.order();
        look.replicated();
        look.filters(table);
        look.expiry();
        look.redo(switches);
        look.columns(table);
        look.privileges();
        look.preparedTransactions();
        return List.copyOf(look.findings);
    }

    private void format(boolean switchesToRow) throws SQLException {
        String format = text("binlog_format");
        if (!format.isEmpty() && !format.equalsIgnoreCase("ROW") && !switchesToRow) {
            fatal(
                    "binlog_format is " + format + ", so the change log holds statements and not rows",
                    "set it to ROW, or allow it with --switch-to-rbr");
        }
    }

    private void images() throws SQLException {
        String image = text("binlog_row_image");
        if (!image.isEmpty() && !image.startsWith("FULL")) {
            fatal(
                    "binlog_row_image is " + image + ", so the change log leaves columns out",
                    "set it to FULL, and reconnect the sessions that began before");
        }
        if (text("binlog_row_value_options").toUpperCase(Locale.ROOT).contains("PARTIAL_JSON")) {
            fatal(
                    "binlog_row_value_options is PARTIAL_JSON, so the change log holds parts of JSON documents",
                    "set it to '', and reconnect the sessions that began before");
        }
        if (isOn("log_bin_compress")) {
            fatal("log_bin_compress is ON, and compressed rows cannot be read", "set it to OFF");
        }
    }

    private void order() throws SQLException {
        if (text("binlog_order_commits").equalsIgnoreCase("OFF")) {
            fatal(
                    "binlog_order_commits is OFF, so a row may become visible later than one that stands behind it in the"
                            + " change log",
                    "set it to ON");
        }
    }

    /** What a replica writes for its source is in its own log only where it is told so. */
    private void replicated() throws SQLException {
        String newer = text("log_replica_updates");
        if (isOn(newer.isEmpty() ? "log_slave_updates" : "log_replica_updates")) {
            return;
        }
        try {
            if (new Replication(connection, server).isApplying()) {
                fatal(
                        "the server is a replica that keeps what comes from its source out of its own change log"
                                + " (log_replica_updates is off), so such changes made during the copy would be lost",
                        "change the table on the source, or start this server with log_replica_updates (log_slave_updates)");
            }
        } catch (SQLException e) {
            findings.add(Finding.warning(
                    "whether the server is a replica cannot be seen: " + e.getMessage()
                            + "; what comes from a source would not be in its change log (log_replica_updates is off)",
                    server.isMariaDb() ? "grant SLAVE MONITOR on *.*" : "grant REPLICATION CLIENT on *.*"));
        }
    }

    /** Filters are kept by the names of databases, separated by commas. */
    private void filters(Table table) throws SQLException {
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery(server.logStatus())) {
            if (!r.next()) {
                return;
            }
            List<String> only = names(r.getString(3));
            List<String> never = names(r.getString(4));
            String schema = table.name().schema().toLowerCase(Locale.ROOT);
            if (never.contains(schema) || (!only.isEmpty() && !only.contains(schema))) {
                fatal(
                        "the change log leaves out database \"" + table.name().schema()
                                + "\" (binlog-do-db or binlog-ignore-db)",
                        "take the filter away and restart the server");
            }
        } catch (SQLException e) {
            fatal(
                    "the change log's position cannot be read: " + e.getMessage(),
                    server.isMariaDb() ? "grant BINLOG MONITOR on *.*" : "grant REPLICATION CLIENT on *.*");
        }
    }

    private static List<String> names(@Nullable String list) {
        return list == null || list.isBlank()
                ? List.of()
                : Arrays.stream(list.toLowerCase(Locale.ROOT).split(","))
                        .map(String::strip)
                        .toList();
    }

    private void expiry() throws SQLException {
        String seconds = text("binlog_expire_logs_seconds");
        String days = text("expire_logs_days");
        double kept = number(seconds) > 0 ? number(seconds) : number(days) * SECONDS_PER_DAY;
        if (kept > 0 && kept < KEPT_SECONDS_MIN) {
            findings.add(Finding.warning(
                    "the change log is kept for " + (long) kept + " s only; a run that is stopped for longer cannot be"
                            + " resumed",
                    "raise binlog_expire_logs_seconds for the time of the change"));
        }
    }

    /** Seen on MySQL 9.7 with two cores, and gone with ON; where the server does not know the variable, it has such threads. */
    private void redo(Switches switches) throws SQLException {
        if (text(Switches.REDO_WRITERS).equalsIgnoreCase("OFF")
                && !switches.onMeanwhile().contains(Switches.REDO_WRITERS)) {
            findings.add(Finding.warning(
                    "innodb_log_writer_threads is OFF; where processors are few, a commit waits 0.1 s for another now and"
                            + " then while rows are copied",
                    "let the run set it to ON for its time with --switch-log-writer-threads, or SET GLOBAL"
                            + " innodb_log_writer_threads = ON"));
        }
    }

    private void columns(Table table) {
        for (Column column : table.columns()) {
            String type = column.type().toLowerCase(Locale.ROOT);
            if (type.startsWith("vector") || type.contains("compressed") || type.startsWith("uuid /*")) {
                fatal(
                        "column \"" + column.name() + "\" is " + column.type()
                                + ", whose values cannot be read from the change log",
                        "change this table with the server's own ALTER TABLE");
            }
        }
    }

    private void privileges() throws SQLException {
        List<String> grants = new ArrayList<>();
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery("SHOW GRANTS")) {
            while (r.next()) {
                grants.add(r.getString(1).toUpperCase(Locale.ROOT));
            }
        }
        // What a role gives is not shown here; the server says so when it is missing.
        boolean hasRoles = grants.stream().anyMatch(g -> !g.contains(" ON "));
        if (hasRoles) {
            return;
        }
        require(grants, "REPLICATION SLAVE", Set.of("REPLICATION SLAVE", "REPLICATION REPLICA"), "read the change log");
        if (!server.isMariaDb()) {
            require(grants, "REPLICATION CLIENT", Set.of("REPLICATION CLIENT"), "know its position");
        } else {
            require(
                    grants,
                    "BINLOG MONITOR",
                    Set.of("BINLOG MONITOR", "REPLICATION CLIENT"),
                    "know the change log's position");
        }
    }

    private void require(List<String> grants, String privilege, Set<String> names, String purpose) {
        boolean has = grants.stream()
                .filter(g -> g.contains(" ON *.*"))
                .map(g -> g.substring("GRANT ".length(), g.indexOf(" ON *.*")))
                .flatMap(list -> Arrays.stream(list.split(", ", -1)))
                .anyMatch(g -> g.equals("ALL PRIVILEGES") || names.contains(g));
        if (!has) {
            fatal(
                    "the migrator's user lacks " + privilege + ", without which it cannot " + purpose,
                    "grant " + privilege + " on *.*");
        }
    }

    /** Their rows stand in the log before the place where reading begins, and become valid after it. */
    private void preparedTransactions() {
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery("XA RECOVER")) {
            if (r.next()) {
                fatal(
                        "an XA transaction is prepared and not decided; its rows could not be found in the change log"
                                + " any more",
                        "let it end first");
            }
        } catch (SQLException e) {
            findings.add(Finding.warning(
                    "whether an XA transaction is prepared cannot be seen: " + e.getMessage(),
                    "where XA is used, grant XA_RECOVER_ADMIN on *.*"));
        }
    }

    private void fatal(String seen, String todo) {
        findings.add(Finding.fatal(seen, todo));
    }

    private boolean isOn(String variable) throws SQLException {
        String value = text(variable);
        return value.equalsIgnoreCase("ON") || value.equals("1");
    }

    private String text(String variable) throws SQLException {
        String value = Server.variable(connection, variable);
        return value == null ? "" : value;
    }

    private static double number(String text) {
        return text.isEmpty() ? 0 : Double.parseDouble(text);
    }
}

package io.crossfade.state;

import java.sql.SQLException;
import java.util.List;

/**
 * The control tables, in the migrated database itself. Created by the migrator, read by every client. All times are the
 * server's, in UTC, in milliseconds. {@code docs/reference} describes each column.
 */
final class ControlTables {

    /** Raised when a column is added; a client that sees a greater one than its own still reads what it knows. */
    static final int VERSION = 7;

    /** MySQL's and MariaDB's "table doesn't exist": here, that no change was ever made. */
    static final int NO_SUCH_TABLE = 1146;

    /** MySQL's and MariaDB's "unknown column": tables of an older version. */
    static final int NO_SUCH_COLUMN = 1054;

    /** MySQL's and MariaDB's "command denied to user for table". */
    static final int NO_RIGHT = 1142;

    static final List<String> DDL = List.of(
            """
            CREATE TABLE IF NOT EXISTS crossfade_control (
              id TINYINT NOT NULL PRIMARY KEY,
              version INT NOT NULL,
              epoch BIGINT NOT NULL,
              gates INT NOT NULL DEFAULT 0
            ) ENGINE=InnoDB""",
            """
            CREATE TABLE IF NOT EXISTS crossfade_change (
              id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
              table_schema VARCHAR(64) CHARACTER SET utf8mb4 NOT NULL,
              table_name VARCHAR(64) CHARACTER SET utf8mb4 NOT NULL,
              definition LONGTEXT CHARACTER SET utf8mb4 NOT NULL,
              table_before LONGTEXT CHARACTER SET utf8mb4 NOT NULL,
              stage VARCHAR(16) CHARACTER SET ascii NOT NULL,
              direction VARCHAR(8) CHARACTER SET ascii NOT NULL,
              step VARCHAR(64) CHARACTER SET ascii NOT NULL,
              read_percent INT NOT NULL,
              epoch BIGINT NOT NULL,
              opened_at DATETIME(3) NOT NULL,
              moved_at DATETIME(3) NOT NULL,
              closed_at DATETIME(3) NULL
            ) ENGINE=InnoDB""",
            """
            CREATE TABLE IF NOT EXISTS crossfade_client (
              id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
              application VARCHAR(128) CHARACTER SET utf8mb4 NOT NULL,
              host VARCHAR(255) CHARACTER SET utf8mb4 NOT NULL,
              pid BIGINT NOT NULL,
              version VARCHAR(64) CHARACTER SET utf8mb4 NOT NULL,
              view_side VARCHAR(8) CHARACTER SET ascii NOT NULL,
              registered_at DATETIME(3) NOT NULL,
              lease_until DATETIME(3) NOT NULL,
              epoch_seen BIGINT NOT NULL,
              epoch_acknowledged BIGINT NOT NULL,
              sessions_open INT NOT NULL,
              oldest_transaction_at DATETIME(3) NULL,
              oldest_transaction_connection BIGINT NULL,
              counters LONGTEXT CHARACTER SET utf8mb4 NULL
            ) ENGINE=InnoDB""",
            """
            CREATE TABLE IF NOT EXISTS crossfade_session (
              connection_id BIGINT NOT NULL PRIMARY KEY,
              client_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
              opened_at DATETIME(3) NOT NULL,
              peer VARCHAR(384) CHARACTER SET utf8mb4 NOT NULL DEFAULT '',
              KEY (client_id)
            ) ENGINE=InnoDB""",
            """
            CREATE TABLE IF NOT EXISTS crossfade_checkpoint (
              change_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
              task VARCHAR(32) CHARACTER SET ascii NOT NULL,
              position LONGTEXT CHARACTER SET utf8mb4 NOT NULL,
              is_done TINYINT NOT NULL,
              rows_seen BIGINT NOT NULL,
              rows_changed BIGINT NOT NULL,
              updated_at DATETIME(3) NOT NULL,
              PRIMARY KEY (change_id, task)
            ) ENGINE=InnoDB""",
            """
            CREATE TABLE IF NOT EXISTS crossfade_event (
              id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
              at DATETIME(3) NOT NULL,
              change_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
              epoch BIGINT NOT NULL,
              who VARCHAR(255) CHARACTER SET utf8mb4 NOT NULL,
              stage_from VARCHAR(16) CHARACTER SET ascii NOT NULL,
              stage_to VARCHAR(16) CHARACTER SET ascii NOT NULL,
              why TEXT CHARACTER SET utf8mb4 NOT NULL,
              KEY (change_id)
            ) ENGINE=InnoDB""",
            """
            CREATE TABLE IF NOT EXISTS crossfade_usage (
              change_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
              shape_hash CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
              application VARCHAR(128) CHARACTER SET utf8mb4 NOT NULL,
              host VARCHAR(255) CHARACTER SET utf8mb4 NOT NULL,
              version VARCHAR(64) CHARACTER SET utf8mb4 NOT NULL,
              side VARCHAR(8) CHARACTER SET ascii NOT NULL,
              by_star TINYINT NOT NULL,
              verb VARCHAR(32) CHARACTER SET utf8mb4 NOT NULL,
              shape TEXT CHARACTER SET utf8mb4 NOT NULL,
              times BIGINT NOT NULL,
              first_at DATETIME(3) NOT NULL,
              last_at DATETIME(3) NOT NULL,
              PRIMARY KEY (change_id, shape_hash)
            ) ENGINE=InnoDB""",
            """
            CREATE TABLE IF NOT EXISTS crossfade_unproxied (
              change_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
              writer VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
              side VARCHAR(8) CHARACTER SET ascii NOT NULL,
              times BIGINT NOT NULL,
              repaired BIGINT NOT NULL,
              first_at DATETIME(3) NOT NULL,
              last_at DATETIME(3) NOT NULL,
              last_key VARCHAR(255) CHARACTER SET utf8mb4 NOT NULL,
              PRIMARY KEY (change_id, side, writer)
            ) ENGINE=InnoDB""",
            """
            CREATE TABLE IF NOT EXISTS crossfade_comparison (
              change_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
              client_hash CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
              application VARCHAR(128) CHARACTER SET utf8mb4 NOT NULL,
              host VARCHAR(255) CHARACTER SET utf8mb4 NOT NULL,
              version VARCHAR(64) CHARACTER SET utf8mb4 NOT NULL,
              rows_compared BIGINT NOT NULL,
              rows_differing BIGINT NOT NULL,
              first_at DATETIME(3) NOT NULL,
              last_at DATETIME(3) NOT NULL,
              first_differing_at DATETIME(3) NULL,
              last_differing_at DATETIME(3) NULL,
              last_keys TEXT CHARACTER SET utf8mb4 NOT NULL,
              PRIMARY KEY (change_id, client_hash)
            ) ENGINE=InnoDB""",
            """
            CREATE TABLE IF NOT EXISTS crossfade_gate (
              table_schema VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
              table_name VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
              gate_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
              phase VARCHAR(8) CHARACTER SET ascii NOT NULL,
              epoch BIGINT NOT NULL,
              turn BIGINT NOT NULL,
              bound_millis INT NOT NULL,
              poll_millis INT NOT NULL,
              who VARCHAR(255) CHARACTER SET utf8mb4 NOT NULL,
              announced_at DATETIME(3) NOT NULL,
              until_at DATETIME(3) NOT NULL,
              PRIMARY KEY (table_schema, table_name)
            ) ENGINE=InnoDB""",
            """
            CREATE TABLE IF NOT EXISTS crossfade_gate_client (
              gate_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
              client_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
              turn_seen BIGINT NOT NULL,
              turn_passed BIGINT NOT NULL,
              holder_connection BIGINT NULL,
              at DATETIME(3) NOT NULL,
              PRIMARY KEY (gate_id, client_id)
            ) ENGINE=InnoDB""",
            """
            CREATE TABLE IF NOT EXISTS crossfade_watch (
              table_schema VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
              table_name VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
              watch_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
              turn BIGINT NOT NULL,
              limit_millis BIGINT NOT NULL,
              pace_millis INT NOT NULL,
              who VARCHAR(255) CHARACTER SET utf8mb4 NOT NULL,
              begun_at DATETIME(3) NOT NULL,
              until_at DATETIME(3) NOT NULL,
              PRIMARY KEY (table_schema, table_name)
            ) ENGINE=InnoDB""",
            """
            CREATE TABLE IF NOT EXISTS crossfade_watch_client (
              watch_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
              client_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
              turn BIGINT NOT NULL,
              statements BIGINT NOT NULL,
              slower BIGINT NOT NULL,
              slowest_micros BIGINT NOT NULL,
              at DATETIME(3) NOT NULL,
              PRIMARY KEY (watch_id, client_id)
            ) ENGINE=InnoDB""");

    /** A column that came with a later version, for tables of an earlier one. */
    record Added(String table, String column, String ddl) {}

    static final List<Added> ADDED = List.of(
            new Added("crossfade_session", "peer", "peer VARCHAR(384) CHARACTER SET utf8mb4 NOT NULL DEFAULT ''"),
            new Added("crossfade_control", "gates", "gates INT NOT NULL DEFAULT 0"));

    private ControlTables() {}

    /** A table that was dropped meanwhile, or may not be read by this user: then there is nothing in it for it. */
    static boolean isNotThere(SQLException e) {
        return e.getErrorCode() == NO_SUCH_TABLE || e.getErrorCode() == NO_RIGHT;
    }
}

package io.crossfade.migrator.mysql;

import io.crossfade.migrator.ghost.Rules;
import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.model.TableName;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The tables that stand beside a table while it changes, named as gh-ost names them, so that a runbook finds them.
 *
 * <p>{@code shop.orders} → {@code _orders_gho, _orders_del, _orders_ghc, _orders_ghk}; of a name that leaves no room the end is replaced
 * by a number made of it. Immutable.
 *
 * @param table the table itself
 * @param ghost the shadow copy
 * @param old the name that the table takes at the cut-over
 * @param changeLog gh-ost's own table of heartbeats
 * @param checkpoint how far the run has come
 */
public record GhostNames(TableName table, TableName ghost, TableName old, TableName changeLog, TableName checkpoint) {

    /** MySQL's bound on an identifier. */
    private static final int NAME_CHARS_MAX = 64;

    private static final String CHECKPOINT = "ghk";

    private static final int HASH_CHARS = 8;

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMddHHmmss", Locale.ROOT).withZone(ZoneId.systemDefault());

    /**
     * The names for one table.
     *
     * @param began when the run began, for {@link Rules#timestampsOldTable}; the same after a resume
     */
    public static GhostNames of(TableAlter alter, Rules rules, Instant began) {
        TableName table = alter.table();
        @Nullable String forced = rules.forcedNames();
        String stem = forced == null || forced.isEmpty() ? table.table() : forced;
        String old = rules.timestampsOldTable() ? TIME.format(began) + "_del" : "del";
        return new GhostNames(
                table,
                beside(table, stem, "gho"),
                beside(table, stem, old),
                beside(table, stem, "ghc"),
                beside(table, stem, CHECKPOINT));
    }

    /** The same, but for the name that the table takes. */
    public GhostNames withOld(String name) {
        return new GhostNames(table, ghost, new TableName(table.schema(), name), changeLog, checkpoint);
    }

    /** Holds rows on the way back that the old table cannot take as they are. */
    public TableName parked() {
        String name = checkpoint.table();
        return new TableName(checkpoint.schema(), name.substring(0, name.length() - CHECKPOINT.length()) + "ghp");
    }

    /** All of them but the table's own, and the one that only a way back has. */
    public List<TableName> all() {
        return List.of(ghost, old, changeLog, checkpoint);
    }

    private static TableName beside(TableName table, String stem, String suffix) {
        int room = NAME_CHARS_MAX - suffix.length() - 2;
        // Two long names that begin alike must not share a ghost.
        String kept = stem.codePointCount(0, stem.length()) <= room
                ? stem
                : stem.substring(0, stem.offsetByCodePoints(0, room - HASH_CHARS - 1))
                        + String.format(Locale.ROOT, "_%08x", stem.hashCode());
        return new TableName(table.schema(), "_" + kept + "_" + suffix);
    }
}

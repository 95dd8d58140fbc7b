package io.crossfade.migrator.ghost;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is allowed and what is wished for, in gh-ost's words; the flag of the command line that stands behind each has the same
 * name. Immutable.
 *
 * @param route which way to go; {@link Route#CHEAPEST} finds the cheapest safe one
 * @param approvesRenamedColumns a renamed column keeps its values
 * @param skipsRenamedColumns a renamed column is taken for one dropped and one added
 * @param allowsNullableKey a unique key with NULLable columns may be used, on the operator's word that no row has a NULL there
 * @param discardsForeignKeys the ghost gets no foreign keys
 * @param skipsForeignKeyChecks do not look for foreign keys at all
 * @param skipsStrictMode values that do not fit are bent as the server likes
 * @param allowsZeroInDate zero dates pass
 * @param includesTriggers triggers are carried over
 * @param triggerSuffix put behind their names
 * @param removesTriggerSuffix taken off instead, where a name has it already
 * @param dropsGhostFirst a ghost table that an earlier run left is dropped
 * @param dropsOldFirst so is an old table
 * @param dropsOldAfter the old table is dropped after the cut-over, which ends the way back
 * @param timestampsOldTable the old table's name holds the time
 * @param forcedNames the stem of the ghost's and old table's names; null for the table's own
 * @param acceptsLint the findings that would refuse are only warned of
 * @param count whether the rows are counted, and when
 * @param indexes when the ghost's plain indexes are built
 * @param trial whether the change is only tried, on a replica
 */
public record Rules(
        Route route,
        boolean approvesRenamedColumns,
        boolean skipsRenamedColumns,
        boolean allowsNullableKey,
        boolean discardsForeignKeys,
        boolean skipsForeignKeyChecks,
        boolean skipsStrictMode,
        boolean allowsZeroInDate,
        boolean includesTriggers,
        String triggerSuffix,
        boolean removesTriggerSuffix,
        boolean dropsGhostFirst,
        boolean dropsOldFirst,
        boolean dropsOldAfter,
        boolean timestampsOldTable,
        @Nullable String forcedNames,
        boolean acceptsLint,
        Count count,
        IndexTime indexes,
        Trial trial) {

    /** Ways to change a table, the cheapest first. */
    public enum Route {
        /** Whatever is cheapest and safe. */
        CHEAPEST,
        INSTANT,
        INPLACE,
        GHOST
    }

    /** How many rows there are, for the progress. */
    public enum Count {
        /** As the server estimates. */
        ESTIMATED,
        /** Counted while they are copied. */
        BESIDE_COPY,
        /** Counted before they are copied. */
        BEFORE_COPY
    }

    /** When the indexes that are not unique are built. */
    public enum IndexTime {
        /** {@link #AFTER_ROWS} where the table is large and nobody replicates from the server, else {@link #WITH_ROWS}. */
        AUTO,
        /** Row by row, as the rows are copied. */
        WITH_ROWS,
        /** All at once, sorted, when the rows are in: much faster, and one long statement for a replica to repeat. */
        AFTER_ROWS
    }

    /** Whether the tables keep their new structure, and what becomes of the replication where they do not. */
    public enum Trial {
        /** They do. */
        NONE,
        /** They are exchanged there and back, on a replica whose replication is stopped before. */
        STOPS_REPLICATION,
        /** The same; somebody else stops it. */
        AWAITS_STOP
    }

    public static final Rules DEFAULT = new Rules(
            Route.CHEAPEST,
            false,
            false,
            false,
            false,
            false,
            false,
            false,
            false,
            "",
            false,
            false,
            false,
            false,
            false,
            null,
            false,
            Count.ESTIMATED,
            IndexTime.AUTO,
            Trial.NONE);

    private static final String APPROVE_RENAMED = "--approve-renamed-columns";
    private static final String SKIP_RENAMED = "--skip-renamed-columns";
    private static final String NULLABLE_KEY = "--allow-nullable-unique-key";
    private static final String DISCARD_FOREIGN_KEYS = "--discard-foreign-keys";
    private static final String SKIP_STRICT_MODE = "--skip-strict-mode";
    private static final String INCLUDE_TRIGGERS = "--include-triggers";
    private static final String TRIGGER_SUFFIX = "--trigger-suffix=";
    /** The flag that marks a trial in what is kept of a run. */
    public static final String TEST_ON_REPLICA = "--test-on-replica";

    private static final String REMOVE_SUFFIX = "--remove-trigger-suffix-if-exists";

    public Rules withRoute(Route other) {
        return with(other, deciding(), dropsOldAfter, forcedNames, count);
    }

    /** For a plan that nobody waits to read. */
    public Rules estimated() {
        return with(route, deciding(), dropsOldAfter, forcedNames, Count.ESTIMATED);
    }

    public boolean countsRows() {
        return count != Count.ESTIMATED;
    }

    /** The old table goes after the cut-over, and the tables beside are named after this. */
    public Rules forStep(String names) {
        return with(route, deciding(), true, names, count);
    }

    /** The flags that decide what becomes of the rows, of their key, of what hangs on the table, and of the table itself, as they are written. */
    public List<String> deciding() {
        List<String> flags = new ArrayList<>();
        add(flags, APPROVE_RENAMED, approvesRenamedColumns);
        add(flags, SKIP_RENAMED, skipsRenamedColumns);
        add(flags, NULLABLE_KEY, allowsNullableKey);
        add(flags, DISCARD_FOREIGN_KEYS, discardsForeignKeys);
        add(flags, SKIP_STRICT_MODE, skipsStrictMode);
        add(flags, INCLUDE_TRIGGERS, includesTriggers);
        add(flags, TRIGGER_SUFFIX + triggerSuffix, !triggerSuffix.isEmpty());
        add(flags, REMOVE_SUFFIX, removesTriggerSuffix);
        add(flags, TEST_ON_REPLICA, trial != Trial.NONE);
        return flags;
    }

    private static void add(List<String> flags, String flag, boolean isSet) {
        if (isSet) {
            flags.add(flag);
        }
    }

    /** These rules with the deciding flags of an earlier run, as {@link #deciding} gave them. */
    public Rules deciding(List<String> flags) {
        return with(route, flags, dropsOldAfter, forcedNames, count);
    }

    private Rules with(Route other, List<String> flags, boolean dropsOld, @Nullable String names, Count counting) {
        String suffix = flags.stream()
                .filter(f -> f.startsWith(TRIGGER_SUFFIX))
                .map(f -> f.substring(TRIGGER_SUFFIX.length()))
                .findFirst()
                .orElse("");
        return new Rules(
                other,
                flags.contains(APPROVE_RENAMED),
                flags.contains(SKIP_RENAMED),
                flags.contains(NULLABLE_KEY),
                flags.contains(DISCARD_FOREIGN_KEYS),
                skipsForeignKeyChecks,
                flags.contains(SKIP_STRICT_MODE),
                allowsZeroInDate,
                flags.contains(INCLUDE_TRIGGERS),
                suffix,
                flags.contains(REMOVE_SUFFIX),
                dropsGhostFirst,
                dropsOldFirst,
                dropsOld,
                timestampsOldTable,
                names,
                acceptsLint,
                counting,
                indexes,
                trial);
    }
}

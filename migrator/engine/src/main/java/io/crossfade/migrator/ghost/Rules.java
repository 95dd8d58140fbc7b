package io.crossfade.migrator.ghost;

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
 * @param countsRows the rows are counted instead of estimated
 * @param indexes when the ghost's plain indexes are built
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
        boolean countsRows,
        IndexTime indexes) {

    /** Ways to change a table, the cheapest first. */
    public enum Route {
        /** Whatever is cheapest and safe. */
        CHEAPEST,
        INSTANT,
        INPLACE,
        GHOST
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
            false,
            IndexTime.AUTO);

    public Rules withRoute(Route other) {
        return new Rules(
                other,
                approvesRenamedColumns,
                skipsRenamedColumns,
                allowsNullableKey,
                discardsForeignKeys,
                skipsForeignKeyChecks,
                skipsStrictMode,
                allowsZeroInDate,
                includesTriggers,
                triggerSuffix,
                removesTriggerSuffix,
                dropsGhostFirst,
                dropsOldFirst,
                dropsOldAfter,
                timestampsOldTable,
                forcedNames,
                acceptsLint,
                countsRows,
                indexes);
    }
}

package io.crossfade.migrator.mysql;

import io.crossfade.migrator.ghost.Rules;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Rules for a test: the defaults, but for what is said. */
public final class SomeRules {
    public Rules.Route route = Rules.Route.CHEAPEST;
    public boolean approvesRenamed;
    public boolean skipsRenamed;
    public boolean nullableKey;
    public boolean discardsKeys;
    public boolean skipsKeyChecks;
    public boolean triggers;
    public String suffix = "";
    public boolean takesSuffixOff;
    public boolean dropsGhostFirst;
    public boolean dropsOldFirst;
    public boolean dropsOldAfter;
    public boolean timestampsOld;
    public @Nullable String names;
    public boolean acceptsLint;
    public Rules.Count count = Rules.Count.ESTIMATED;
    public Rules.IndexTime indexes = Rules.IndexTime.AUTO;
    public Rules.Trial trial = Rules.Trial.NONE;

    private SomeRules() {}

    public static Rules with(Consumer<SomeRules> wishes) {
        SomeRules r = new SomeRules();
        wishes.accept(r);
        return new Rules(
                r.route,
                r.approvesRenamed,
                r.skipsRenamed,
                r.nullableKey,
                r.discardsKeys,
                r.skipsKeyChecks,
                false,
                false,
                r.triggers,
                r.suffix,
                r.takesSuffixOff,
                r.dropsGhostFirst,
                r.dropsOldFirst,
                r.dropsOldAfter,
                r.timestampsOld,
                r.names,
                r.acceptsLint,
                r.count,
                r.indexes,
                r.trial);
    }
}

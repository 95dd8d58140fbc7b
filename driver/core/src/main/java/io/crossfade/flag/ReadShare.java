package io.crossfade.flag;

import io.crossfade.model.Stage;
import io.crossfade.state.ChangeState;
import io.crossfade.state.Snapshot;
import java.util.HashSet;
import java.util.Set;

/**
 * Who reads the new side of a change at stage live: a fixed share of all keys. The same key always gets the same answer
 * for the same percentage, in every client; a greater percentage only adds keys. Each change cuts the keys in a way of its
 * own. Immutable.
 */
public final class ReadShare {

    /** FNV-1a, 64 bits: Fowler, Noll, Vo. */
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;

    private static final long FNV_PRIME = 0x100000001b3L;

    private ReadShare() {}

    /** Ids of the changes whose new side this key reads, by what flags and control table say. */
    public static Set<String> readsNew(String key, Snapshot snapshot, Shares flags) {
        Set<String> ids = new HashSet<>();
        for (ChangeState state : snapshot.changes()) {
            String id = state.change().id();
            if (readsNew(key, id, percent(state, flags))) {
                ids.add(id);
            }
        }
        return ids.isEmpty() ? Set.of() : Set.copyOf(ids);
    }

    /**
     * The share that holds for a change: the lower of what its stage allows and what its flag asks for. A flag decides at stage
     * live alone; before it nobody reads new, and behind it the planner lets everybody. A share of 0 in the control table is
     * the kill switch: no flag is above it. Any other share there is what holds while the flag says nothing.
     */
    public static int percent(ChangeState state, Shares flags) {
        if (state.stage() != Stage.LIVE || state.readPercent() == 0) {
            return 0;
        }
        return flags.percent(state.change().id()).orElse(state.readPercent());
    }

    /** Whether this key is within the first {@code percent} of a hundred parts. */
    public static boolean readsNew(String key, String changeId, int percent) {
        return part(key, changeId) < percent;
    }

    private static int part(String key, String changeId) {
        long hash = fold(fold(FNV_OFFSET, changeId) * FNV_PRIME, key);
        // FNV's low bits follow the last characters too closely; this is the finisher of MurmurHash3 (Appleby).
        hash = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
        hash = (hash ^ hash >>> 33) * 0xc4ceb9fe1a85ec53L;
        return (int) Long.remainderUnsigned(hash ^ hash >>> 33, 100);
    }

    private static long fold(long hash, String text) {
        long folded = hash;
        for (int i = 0; i < text.length(); i++) {
            folded = (folded ^ text.charAt(i)) * FNV_PRIME;
        }
        return folded;
    }
}

package io.crossfade.migrator.stream;

import com.github.shyiko.mysql.binlog.GtidSet;
import com.github.shyiko.mysql.binlog.MariadbGtidSet;
import java.util.Locale;
import java.util.Map;

/**
 * The transactions that are known, by their global ids. Empty where the beginning had none: then the ones that follow would not
 * tell the whole place.
 *
 * <p>Confined to the reader's thread.
 */
final class Gtids {
    private String text;
    private GtidSet set;
    private boolean isTracked;
    private boolean isStale;

    Gtids(String text) {
        this.text = text;
        this.set = parse(text);
        this.isTracked = !text.isEmpty();
    }

    /** Adds one, {@code 3e11fa47-71ca-11e1-9e33-c80aa9429562:23} or {@code 0-1-23}; an empty one is none. */
    void add(String gtid) {
        if (isTracked && !gtid.isEmpty()) {
            set.add(gtid);
            isStale = true;
        }
    }

    /** A transaction came whose id cannot be followed. */
    void giveUp() {
        isTracked = false;
        text = "";
        isStale = false;
    }

    String text() {
        if (isStale) {
            text = set.toString().toLowerCase(Locale.ROOT);
            isStale = false;
        }
        return text;
    }

    /** Whether the one holds all of the other. */
    static boolean cover(String all, String part) {
        if (!part.isEmpty() && !MariadbGtidSet.isMariaGtidSet(part)) {
            return new GtidSet(part).isContainedWithin(new GtidSet(all));
        }
        Map<String, Long> last = ServerHistory.lastByDomain(all);
        return ServerHistory.lastByDomain(part).entrySet().stream()
                .allMatch(p -> Long.compareUnsigned(last.getOrDefault(p.getKey(), 0L), p.getValue()) >= 0);
    }

    private static GtidSet parse(String text) {
        return text.isEmpty() || !MariadbGtidSet.isMariaGtidSet(text) ? new GtidSet(text) : new MariadbGtidSet(text);
    }
}

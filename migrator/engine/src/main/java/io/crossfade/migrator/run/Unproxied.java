package io.crossfade.migrator.run;

import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.signal.Progress;
import io.crossfade.state.ChangeRow;
import io.crossfade.state.UnproxiedRow;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** Refuses complete while somebody writes without the driver, whom nothing serves from there on. Confined to the thread of the run. */
final class Unproxied {

    /** Named in the refusal; `status` shows all. */
    private static final int NAMED_MAX = 5;

    private final Session session;

    Unproxied(Session session) {
        this.session = session;
    }

    /** Reads the log up to now, and returns where nobody has written past the driver for long enough. */
    void requireQuiet(ChangeRow row) throws SQLException {
        Following.Reach reach = new Following(session).catchUp(row);
        if (reach != Following.Reach.NOW) {
            session.listener()
                    .on(new Progress.Warning("the change log of "
                            + row.state().change().table()
                            + (reach == Following.Reach.OFF ? " is not followed" : " was not followed until now")
                            + ": all rows are compared, but a writer without the driver that writes again later is not seen;"
                            + " from complete on nothing serves it"));
        }
        Duration quietFor = session.settings().quietFor();
        if (quietFor.isZero() || session.settings().allowsUnproxied()) {
            return;
        }
        String id = row.state().change().id();
        List<UnproxiedRow> seen = session.store().unproxied().of(id).stream()
                .filter(u -> u.sinceLast().compareTo(quietFor) < 0)
                .toList();
        if (!seen.isEmpty()) {
            long times = seen.stream().mapToLong(UnproxiedRow::times).sum();
            throw MigrationException.refused("cannot advance change " + id
                    + " to complete; rows were written without the driver "
                    + times + " times, within the last " + OldNames.shown(quietFor) + " by "
                    + seen.stream().limit(NAMED_MAX).map(Unproxied::shown).collect(Collectors.joining("; "))
                    + (seen.size() > NAMED_MAX
                            ? "; and " + (seen.size() - NAMED_MAX) + " more, see `crossfade status " + id + "`"
                            : "")
                    + "; from complete on nobody mends what they write: give these writers the driver or end them, then wait,"
                    + " or say --quiet-for with a shorter time, or --allow-unproxied-writers");
        }
    }

    private static String shown(UnproxiedRow row) {
        return (row.writer().isEmpty() ? "somebody unknown" : row.writer()) + " ("
                + (row.side().equals("both") ? "both sides" : "the " + row.side() + " side") + ", " + row.times()
                + " times, last " + OldNames.shown(row.sinceLast()) + " ago, row " + row.lastKey() + ")";
    }
}

package io.crossfade.migrator.run;

import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.model.Side;
import io.crossfade.state.ChangeRow;
import io.crossfade.state.Usage;
import io.crossfade.state.UsageRow;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Refuses a step that old code would not survive, while somebody is known to run it. Confined to the thread of the run. */
final class OldNames {

    /** Named in the refusal; `status` shows all. */
    private static final int NAMED_MAX = 5;

    private final Session session;

    OldNames(Session session) {
        this.session = session;
    }

    /** Returns where nobody has named the old columns for long enough. */
    void requireQuiet(ChangeRow row, String to) throws SQLException {
        Duration quietFor = session.settings().quietFor();
        if (quietFor.isZero() || !row.state().change().dropsColumns()) {
            return;
        }
        String id = row.state().change().id();
        List<UsageRow> seen = session.store().usage().of(id).stream()
                .filter(u -> u.naming().side() == Side.OLD)
                .filter(u -> u.sinceLast().compareTo(quietFor.plus(Usage.REPORTED_EVERY)) < 0)
                .toList();
        if (!seen.isEmpty()) {
            throw MigrationException.refused("cannot advance change " + id + " to " + to
                    + "; the old columns were named within the last "
                    + shown(quietFor) + " by "
                    + seen.stream().limit(NAMED_MAX).map(OldNames::shown).collect(Collectors.joining("; "))
                    + (seen.size() > NAMED_MAX
                            ? "; and " + (seen.size() - NAMED_MAX) + " more, see `crossfade status " + id + "`"
                            : "")
                    + "; deploy the code that names the new columns everywhere (crossfade.view=new where it says `*`), or say"
                    + " --quiet-for with a shorter time, 0 for not to ask");
        }
        Duration watched = session.store().usage().watched(id);
        if (watched.compareTo(quietFor) < 0) {
            throw MigrationException.refused("cannot advance change " + id + " to " + to
                    + "; clients have been watched for "
                    + shown(watched) + " only, and nobody is to have named the old columns for " + shown(quietFor)
                    + "; wait, or say --quiet-for with a shorter time, 0 for not to ask");
        }
    }

    private static String shown(UsageRow usage) {
        return usage.application() + " on " + usage.host() + " (" + shown(usage.sinceLast()) + " ago"
                + (usage.naming().byStar() ? ", by *" : "") + "): "
                + usage.naming().shape();
    }

    static String shown(Duration time) {
        long seconds = Math.max(0, time.toSeconds());
        if (seconds >= 2 * Duration.ofHours(1).toSeconds()) {
            return String.format(Locale.ROOT, "%d h", time.toHours());
        }
        return seconds >= 2 * Duration.ofMinutes(1).toSeconds()
                ? String.format(Locale.ROOT, "%d min", time.toMinutes())
                : String.format(Locale.ROOT, "%d s", seconds);
    }
}

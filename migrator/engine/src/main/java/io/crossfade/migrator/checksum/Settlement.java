package io.crossfade.migrator.checksum;

import io.crossfade.migrator.session.Lane;
import io.crossfade.migrator.session.SqlFailure;
import io.crossfade.migrator.signal.Cancel;
import io.crossfade.migrator.signal.MigrationException;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds out which of the rows that looked different really are, and mends those. A row that is written all the time looks
 * different whenever one looks; so a difference counts only if no change of the row came down the log between the look at the table in use and the
 * look at the one beside it, with everything before applied. A row that never holds still is held still: its row in use is locked, with no other, for as
 * long as the log takes. On the way back none is mended and none locked ({@link Direction}).
 *
 * <p>One thread at a time.
 */
final class Settlement {

    /** Rows looked at together; for more compound keys MySQL would read the whole table. */
    private static final int KEYS_MAX = 250;

    /** Rounds that a row may change in before it is locked for one. */
    private static final int ROUNDS_FREE = 5;

    /** Each round is short; a row that cannot be settled in so many is a fault. */
    private static final int ROUNDS_MAX = 60;

    /** How long the log may take to come up to now in one round; the next round waits again. */
    private static final Duration CATCH_UP = Duration.ofSeconds(10);

    /** A locked row holds up its writers, so only shortly. */
    private static final Duration CATCH_UP_LOCKED = Duration.ofMillis(150);

    /** A row that differs again after it was mended so often is not the log's delay. */
    private static final int REPAIRS_MAX = 3;

    private static final Duration PAUSE = Duration.ofMillis(50);

    private final Direction direction;
    private final ChunkSums sums;
    private final CatchUp catchUp;
    private final Patient patient;
    private final Lane reader;
    private final Lane writer;
    private final Cancel cancel;
    private long repaired;

    Settlement(Direction direction, CatchUp catchUp, Lane reader, Lane writer, Cancel cancel) {
        this.direction = direction;
        this.sums = direction.sums();
        this.catchUp = catchUp;
        this.patient = new Patient(catchUp::pass, cancel);
        this.reader = reader;
        this.writer = writer;
        this.cancel = cancel;
    }

    /** Rows mended so far. */
    long repaired() {
        return repaired;
    }

    /** Settles these rows; ends with an exception where one stays different. */
    void settle(Collection<List<String>> suspects) throws SQLException {
        List<List<String>> all = new ArrayList<>(suspects);
        for (int from = 0; from < all.size(); from += KEYS_MAX) {
            settleSome(new LinkedHashSet<>(all.subList(from, Math.min(all.size(), from + KEYS_MAX))));
        }
    }

    private void settleSome(Set<List<String>> suspects) throws SQLException {
        Set<List<String>> open = suspects;
        int repairs = 0;
        for (int round = 1; !open.isEmpty(); round++) {
            cancel.check();
            if (round == ROUNDS_MAX) {
                throw different(open, "they could not be settled in " + ROUNDS_MAX + " rounds");
            }
            Set<List<String>> looked = open;
            boolean isFree = round <= ROUNDS_FREE;
            if (!isFree && !direction.mends()) {
                // Each was written again in each of these rounds, whole, as the log told.
                return;
            }
            Look look = isFree ? look(looked) : lookOneByOne(looked);
            open = look.unsure();
            if (!look.different().isEmpty()) {
                if (!direction.mends()) {
                    throw different(look.different(), "their rows are not those of the table in use");
                }
                if (repairs == REPAIRS_MAX) {
                    throw different(look.different(), "they differ again after each repair" + direction.computed());
                }
                repairs++;
                List<List<String>> refused = writer.run((c, isAgain) -> direction.mend(c, look.different()));
                repaired += look.different().size();
                if (!refused.isEmpty() && repairs == REPAIRS_MAX) {
                    throw different(refused, "a unique key of the new structure is held by another row");
                }
                open.addAll(look.different());
            }
            if (!open.isEmpty() && round > 1) {
                cancel.pause(PAUSE);
            }
            if (!look.isUpToNow() && !direction.mends()) {
                // Who is behind is still who carries; the status shows by how much.
                round--;
            }
        }
    }

    /** What one look gave. Confined to its round. */
    private record Look(Set<List<String>> different, Set<List<String>> unsure, boolean isUpToNow) {
        Look(Set<List<String>> different, Set<List<String>> unsure) {
            this(different, unsure, true);
        }

        static Look behind(Set<List<String>> keys) {
            return new Look(new LinkedHashSet<>(), new LinkedHashSet<>(keys), false);
        }
    }

    private Look look(Set<List<String>> keys) throws SQLException {
        catchUp.watch(keys);
        // A change may have come down the log before the watch and be visible only after it; when this has passed, it
        // is.
        if (!catchUp.await(CATCH_UP)) {
            return Look.behind(keys);
        }
        Map<List<String>, Long> used = patient.read(reader, (c, isAgain) -> sums.usedRows(c, keys));
        if (!catchUp.await(CATCH_UP)) {
            return Look.behind(keys);
        }
        Map<List<String>, Long> shadow = patient.read(reader, (c, isAgain) -> sums.shadowRows(c, keys));
        Set<List<String>> came = catchUp.came();
        return converted(compared(keys, used, shadow, came));
    }

    /** Never two rows of the table at once: whoever wants both in another order would wait for us, and we for it. */
    private Look lookOneByOne(Set<List<String>> keys) throws SQLException {
        Look all = new Look(new LinkedHashSet<>(), new LinkedHashSet<>());
        for (List<String> key : keys) {
            cancel.check();
            Look one = lookLocked(Set.of(key));
            all.different().addAll(one.different());
            all.unsure().addAll(one.unsure());
        }
        return all;
    }

    private Look lookLocked(Set<List<String>> keys) throws SQLException {
        Look locked = writer.run((c, isAgain) -> {
            catchUp.watch(keys);
            try (Statement s = c.createStatement()) {
                s.executeQuery("SELECT 1 FROM " + direction.key().indexed() + " WHERE "
                                + direction.key().in(keys) + " LOCK IN SHARE MODE")
                        .close();
                Map<List<String>, Long> used = sums.usedRows(c, keys);
                boolean isUpToNow = catchUp.await(CATCH_UP_LOCKED);
                Map<List<String>, Long> shadow = sums.shadowRows(c, keys);
                // What is not there cannot be locked, and may be put in by anybody.
                Set<List<String>> came = new LinkedHashSet<>(catchUp.came());
                came.removeAll(used.keySet());
                catchUp.watch(keys);
                c.rollback();
                return isUpToNow
                        ? compared(keys, used, shadow, came)
                        : new Look(new LinkedHashSet<>(), new LinkedHashSet<>(keys));
            } catch (SQLException e) {
                if (!SqlFailure.isLock(e)) {
                    throw e;
                }
                c.rollback();
                return new Look(new LinkedHashSet<>(), new LinkedHashSet<>(keys));
            }
        });
        return converted(locked);
    }

    private static Look compared(
            Set<List<String>> keys,
            Map<List<String>, Long> used,
            Map<List<String>, Long> shadow,
            Set<List<String>> came) {
        Set<List<String>> different = new LinkedHashSet<>();
        Set<List<String>> unsure = new LinkedHashSet<>();
        for (List<String> key : keys) {
            if (!Objects.equals(used.get(key), shadow.get(key))) {
                (came.contains(key) ? unsure : different).add(key);
            }
        }
        return new Look(different, unsure);
    }

    /** Converted values are compared by the server; a row that is written during that counts as unsure. */
    private Look converted(Look look) throws SQLException {
        Set<List<String>> suspected = look.different();
        if (suspected.isEmpty() || !direction.converts()) {
            return look;
        }
        Set<List<String>> sure = new LinkedHashSet<>(writer.run((c, isAgain) -> direction.different(c, suspected)));
        if (sure.isEmpty()) {
            return new Look(sure, look.unsure());
        }
        Set<List<String>> unsure = new LinkedHashSet<>(look.unsure());
        Set<List<String>> came = catchUp.await(CATCH_UP) ? catchUp.came() : Set.copyOf(sure);
        sure.stream().filter(came::contains).forEach(unsure::add);
        sure.removeAll(came);
        return new Look(sure, unsure);
    }

    private MigrationException different(Collection<List<String>> keys, String why) {
        String shown = keys.stream().limit(5).map(direction.key()::shown).collect(Collectors.joining("; "));
        return MigrationException.different(direction.verdict(keys.size()) + "; " + why + "; rows " + shown
                + (keys.size() > 5 ? "; …" : "")
                + "; " + direction.remedy());
    }
}

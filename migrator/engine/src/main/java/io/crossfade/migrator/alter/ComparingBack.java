package io.crossfade.migrator.alter;

import io.crossfade.migrator.checksum.CatchUp;
import io.crossfade.migrator.checksum.Checksum;
import io.crossfade.migrator.checksum.Direction;
import io.crossfade.migrator.ghost.TableChange;
import io.crossfade.migrator.mysql.TableFacts;
import io.crossfade.migrator.session.Lane;
import io.crossfade.migrator.signal.Progress;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * The old table compared with the one in use, before the names are exchanged back. It is the thread that carries which compares, so between
 * two chunks it carries on.
 *
 * <p>One thread at a time, but for {@link #rows}.
 */
final class ComparingBack implements CatchUp, Checksum.Beside {

    /** So long the log waits at most while chunks are compared: rows that were written meanwhile look different. */
    private static final Duration CARRY_EVERY = Duration.ofMillis(100);

    /** What is longer is carried in several turns, with a chunk in between. */
    private static final Duration CARRY_MAX = Duration.ofSeconds(10);

    private final Site site;
    private final Reverting reverting;
    private final Carrying carried;
    private final Heart heart;
    private volatile long rows;
    private volatile long rowsTotal;
    private final long beganNanos = System.nanoTime();
    private long carriedNanos = System.nanoTime();

    ComparingBack(Site site, Reverting reverting, Carrying carried, Heart heart) {
        this.site = site;
        this.reverting = reverting;
        this.carried = carried;
        this.heart = heart;
    }

    /** Compares the tables, unless the operator does without. */
    void run() throws SQLException {
        if (site.controls().skipsChecksumBack()) {
            site.listener()
                    .on(new Progress.Warning(
                            "the tables are not compared before their names are exchanged, as asked for"));
            return;
        }
        try (Connection control = site.sessions().open()) {
            rowsTotal = TableFacts.of(control, reverting.names().table())
                    .map(TableFacts::rows)
                    .orElse(0L);
        }
        site.listener()
                .on(new Progress.Note("comparing " + reverting.names().old() + ", the old table, with the one in use;"
                        + " whoever has to be back sooner says skip-checksum at the socket"));
        TableChange plain = reverting.change().plain();
        try (Lane first = site.lane("the checksum", () -> site.sessions().openConverting(plain));
                Lane second = site.lane("the checksum", () -> site.sessions().openConverting(plain))) {
            Checksum checksum = new Checksum(
                    Direction.back(site.server().dialect(), reverting.change()),
                    this,
                    // Nothing is mended, and no row locked.
                    new Checksum.Lanes(first, second, second),
                    this,
                    site.operator());
            tell(checksum.run(), Duration.ofNanos(System.nanoTime() - beganNanos));
        }
    }

    private void tell(Checksum.Result result, Duration took) {
        site.listener()
                .on(new Progress.Note("checksum of " + reverting.names().old() + ", the old table: " + result.rows()
                        + " rows compared in " + took.toMillis() + " ms"
                        + (result.isWhole() ? "" : "; the rest was not compared, as asked for")));
    }

    /** As {@link Status#state}; for any thread. */
    String state() {
        return "checksum, " + rows + "/" + Math.max(rows, rowsTotal) + " rows";
    }

    /** An estimate; negative where there is none. For any thread. */
    Duration left() {
        long done = rows;
        double nanosPerRow = (System.nanoTime() - beganNanos) / (double) Math.max(1, done);
        return done == 0
                ? Duration.ofSeconds(-1)
                : Duration.ofNanos((long) (nanosPerRow * Math.max(0, rowsTotal - done)));
    }

    /** Rows that were compared; for any thread. */
    long rows() {
        return rows;
    }

    @Override
    public boolean await(Duration atMost) throws SQLException {
        return carry(atMost);
    }

    private boolean carry(Duration atMost) throws SQLException {
        site.check();
        site.stop().check();
        boolean isUpToNow = carried.carry(heart.beat(), atMost);
        carriedNanos = System.nanoTime();
        return isUpToNow;
    }

    @Override
    public void pass() throws SQLException {
        if (System.nanoTime() - carriedNanos > CARRY_EVERY.toNanos()) {
            carry(CARRY_MAX);
        }
    }

    @Override
    public void watch(Collection<List<String>> keys) {
        carried.watch(keys);
    }

    @Override
    public Set<List<String>> came() {
        return carried.came();
    }

    @Override
    public void await() throws SQLException {
        if (site.throttles().reason().isPresent()) {
            carried.rest(site.throttles()::await);
        }
    }

    @Override
    public boolean compared(long rowsSoFar) throws SQLException {
        rows = rowsSoFar;
        pass();
        return !site.controls().skipsChecksumBack();
    }
}

package io.crossfade.migrator.alter;

import io.crossfade.migrator.ghost.Rules;
import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.migrator.mysql.Connections;
import io.crossfade.migrator.mysql.GhostNames;
import io.crossfade.migrator.mysql.Server;
import io.crossfade.migrator.signal.Cancel;
import io.crossfade.migrator.signal.Listener;
import io.crossfade.migrator.signal.Milestone;
import io.crossfade.migrator.signal.Progress;
import io.crossfade.migrator.stream.Endpoint;
import io.crossfade.migrator.throttle.Throttles;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One run of a table change. {@link #run} goes on from the last checkpoint where an earlier run left one; so the same command
 * is right after every kind of end.
 *
 * <p>One thread at a time, but for {@link #status}.
 */
public final class Alteration {
    private static final String PANIC = "stopped: panic; nothing was cleaned up; run the same command again to go on";

    private final AlterRequest request;
    private final Connections connections;
    private final Endpoint log;
    private final Controls controls;
    private final Throttles throttles;
    private final Cancel cancel;
    private final Listener listener;
    private final long beganNanos = System.nanoTime();
    private volatile @Nullable GhostRun ghostRun;
    private volatile @Nullable RevertRun revertRun;
    private volatile boolean isInstant;

    public Alteration(
            AlterRequest request,
            Connections connections,
            Endpoint log,
            Controls controls,
            Throttles throttles,
            Cancel cancel,
            Listener listener) {
        this.request = request;
        this.connections = connections;
        this.log = log;
        this.controls = controls;
        this.throttles = throttles;
        this.cancel = cancel;
        this.listener = listener;
        controls.onPanic(() -> cancel.request(PANIC));
    }

    /** Changes the tables. */
    public void run() throws SQLException {
        try {
            reached(Milestone.STARTED);
            Site site = site();
            if (ReplicaTrial.isAsked(site)) {
                tryOnReplica(site);
            } else {
                change(site);
            }
        } catch (SQLException e) {
            reached(Milestone.FAILURE);
            throw Ending.ofChange(request, connections).of(e);
        } catch (RuntimeException e) {
            reached(Milestone.FAILURE);
            throw e;
        }
        reached(Milestone.SUCCESS);
    }

    private void change(Site site) throws SQLException {
        // From the first look on: another run would plan the same beside this one.
        try (Claims claims = Claims.take(connections, request)) {
            boolean isDone;
            try (Connection control = site.sessions().openForDdl()) {
                Directly directly = new Directly(site, control, claims);
                isDone = directly.run();
                isInstant = directly.taken() == Rules.Route.INSTANT;
            }
            if (!isDone) {
                GhostRun run = new GhostRun(site, log, claims);
                ghostRun = run;
                run.run();
            }
        }
    }

    /** An exchange that an earlier run left is taken back with all that was written since; else the change is made, there and back. */
    private void tryOnReplica(Site site) throws SQLException {
        if (!isExchanged(site)) {
            change(site);
        }
        if (!isExchanged(site)) {
            return;
        }
        try (Connection control = site.sessions().open()) {
            new ReplicaTrial(site, control).stopReplication();
        }
        for (TableAlter table : request.tables()) {
            Site one = site.of(table);
            if (!isExchanged(one)) {
                continue;
            }
            RevertRun back = new RevertRun(one, log);
            revertRun = back;
            back.run();
        }
        try (Connection control = site.sessions().open()) {
            new ReplicaTrial(site, control).undone();
        }
    }

    private boolean isExchanged(Site site) throws SQLException {
        try (Connection control = site.sessions().open()) {
            return new ReplicaTrial(site, control).isExchanged();
        }
    }

    /** How long the server lately took for a commit of the run's own, in microseconds; 0 while it makes none. For any thread. */
    public long commitMicros() {
        GhostRun run = ghostRun;
        return run == null ? 0 : run.commitMicros();
    }

    /** Whether the server made the change at once. */
    public boolean isInstant() {
        return isInstant;
    }

    /** Goes back after the cut-over, with everything that was written since. */
    public void revert() throws SQLException {
        try {
            reached(Milestone.STARTED);
            RevertRun run = new RevertRun(site(), log);
            revertRun = run;
            run.run();
        } catch (SQLException e) {
            reached(Milestone.FAILURE);
            throw Ending.ofRevert(request, connections).of(e);
        } catch (RuntimeException e) {
            reached(Milestone.FAILURE);
            throw e;
        }
        reached(Milestone.SUCCESS);
    }

    /** How the last change of each table stands, by its checkpoint, and whether it can be reverted. */
    public List<Standing> standings() throws SQLException {
        Site site = site();
        List<Standing> standings = new ArrayList<>();
        try (Connection control = site.sessions().open()) {
            for (TableAlter alter : request.tables()) {
                standings.add(Standing.of(control, site, alter));
            }
        }
        return standings;
    }

    private Site site() throws SQLException {
        Server server;
        try (Connection connection = connections.open()) {
            server = Server.of(connection);
        }
        return new Site(
                request,
                connections,
                new Sessions(
                        connections, request.rules(), request.bounds().log().silenceMax()),
                server,
                controls,
                throttles,
                cancel,
                new Cancel(),
                listener,
                UUID.randomUUID().toString());
    }

    /**
     * The tables beside the first one, once the run knows them; for any thread. On the way back, as with gh-ost, the ghost is the old
     * table, which is brought up to date, and the old one the name that the table takes.
     */
    public Optional<GhostNames> names() {
        RevertRun back = revertRun;
        GhostRun run = ghostRun;
        return back != null ? back.names() : run != null ? run.names() : Optional.empty();
    }

    /** How it stands now; for any thread. */
    public Status status() {
        Duration elapsed = Duration.ofNanos(System.nanoTime() - beganNanos);
        RevertRun back = revertRun;
        if (back != null) {
            return back.status(elapsed);
        }
        GhostRun run = ghostRun;
        return run == null
                ? new Status(
                        "preparing", 0, 0, 0, 0, 0, 0, elapsed, Duration.ZERO, "", 0, "", Duration.ofSeconds(-1), 0)
                : run.status(elapsed);
    }

    private void reached(Milestone milestone) {
        listener.on(new Progress.Reached(milestone));
    }
}

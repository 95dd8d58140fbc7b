package io.crossfade.cli.alter;

import io.crossfade.cli.hook.Hooks;
import io.crossfade.cli.operate.OperatedRun;
import io.crossfade.cli.operate.OperatorCommands;
import io.crossfade.cli.operate.OperatorSocket;
import io.crossfade.cli.operate.Statsd;
import io.crossfade.cli.operate.StatusLine;
import io.crossfade.cli.operate.StatusTimer;
import io.crossfade.migrator.alter.AlterRequest;
import io.crossfade.migrator.alter.Alteration;
import io.crossfade.migrator.alter.Controls;
import io.crossfade.migrator.alter.Status;
import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.migrator.mysql.GhostNames;
import io.crossfade.migrator.signal.Listener;
import io.crossfade.migrator.signal.Milestone;
import io.crossfade.migrator.signal.Progress;
import io.crossfade.migrator.throttle.ControlReplicas;
import io.crossfade.migrator.throttle.DriverMeasure;
import io.crossfade.migrator.throttle.ReplicaLag;
import io.crossfade.migrator.throttle.ServerLoad;
import io.crossfade.migrator.throttle.Signals;
import io.crossfade.migrator.throttle.Throttle;
import io.crossfade.migrator.throttle.ThrottleSettings;
import io.crossfade.migrator.throttle.Throttles;
import io.crossfade.model.TableName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** One {@code crossfade alter}, from its flags to the engine and back. One thread at a time. */
public final class AlterRun {
    private static final Status PREPARING = new Status(
            "preparing", 0, 0, 0, 0, 0, 0, Duration.ZERO, Duration.ZERO, "", 0, "", Duration.ofSeconds(-1), 0);

    private final AlterOptions options;
    private final Surroundings around;
    private final AtomicReference<@Nullable Alteration> alteration = new AtomicReference<>();
    private final Set<Milestone> reached = EnumSet.noneOf(Milestone.class);

    public AlterRun(AlterOptions options, Surroundings around) {
        this.options = options;
        this.around = around;
    }

    /** Does what the flags say. */
    public void run() throws SQLException, IOException {
        AcceptedFlags.refuse(options);
        TargetUrl.apply(options.target);
        AlterRequest request = Wishes.request(options);
        TableName first = request.tables().get(0).table();
        AcceptedFlags.notes(options, around.isGiven()).forEach(this::note);
        String database = options.target.database.isEmpty() ? first.schema() : options.target.database;
        try (Target target = Target.find(options, database, around, this::note)) {
            run(request, target, first);
        }
    }

    private void run(AlterRequest request, Target target, TableName first) throws SQLException, IOException {
        if (options.state.status || (options.state.revert && !options.target.execute)) {
            LastRun.show(
                    new Alteration(
                                    request,
                                    target.connections(),
                                    target.log(),
                                    Wishes.controls(options),
                                    new Throttles(List.of(), around.cancel(), p -> {}),
                                    around.cancel(),
                                    p -> {})
                            .standings(),
                    options.isJson(),
                    around.out());
            return;
        }
        if (options.target.execute) {
            execute(request, target, first);
        } else {
            DryRun.show(request, target, Wishes.throttles(options.throttle), options.isJson(), around);
        }
    }

    private void execute(AlterRequest request, Target target, TableName first) throws SQLException, IOException {
        Controls controls = Wishes.controls(options);
        controls.makePostponeFlagFile();
        ThrottleSettings settings = Wishes.throttles(options.throttle);
        Signals signals = signals(target);
        signals.refuseUnreadable(settings);
        List<Throttle> throttleList = new ArrayList<>(signals.throttles(settings));
        if (!options.isOnReplica()) {
            throttleList.add(drivers(request, target, settings));
        }
        if (!target.named().equals(target.source())) {
            throttleList.add(new ReplicaLag(target.named().toString(), target::openNamed, settings::maxLagMillis));
        }
        LongSupplier replicaLag = lag(throttleList);
        Path socketFile = socketFile(first);
        Hints hints = new Hints(
                request.tables(),
                target,
                Instant.now(),
                controls,
                settings,
                Optional.ofNullable(options.cutOver.panicFlagFile),
                "Serving on unix socket: " + socketFile
                        + (options.ops.serveTcpPort > 0 ? "; on TCP port: " + options.ops.serveTcpPort : ""));
        OperatedRun run = new OperatedRun(
                first.schema(),
                first.table(),
                target.source().toString(),
                target.named().toString(),
                this::status,
                replicaLag,
                controls,
                settings,
                options.state.revert,
                hints::text);
        Hooks hooks = new Hooks(
                options.ops.hooksPath,
                new HookFacts(options, request, run, () -> names(request), this::isInstant)::values,
                this::note,
                Duration.ofSeconds(options.ops.hooksTimeout),
                around.cancel());
        OperatorCommands commands = new OperatorCommands(
                run,
                options.cutOver.forceNamedCutOver,
                options.cutOver.forceNamedPanic,
                hooks::command,
                (command, limits) -> ServerLoad.refuseUnknown(target::open, command, limits));
        Pulse pulse = new Pulse(run, hooks, statsd());
        StatusTimer timer = new StatusTimer(run, this::print, pulse::second);
        Listener listener = p -> onProgress(p, hooks, timer);
        try (OperatorSocket socket = new OperatorSocket(commands::answer);
                Throttles throttles = new Throttles(throttleList, around.cancel(), listener);
                pulse;
                timer) {
            listen(socket, socketFile);
            Alteration change = new Alteration(
                    request, target.connections(), target.log(), controls, throttles, around.cancel(), listener);
            alteration.set(change);
            timer.start();
            if (options.state.revert) {
                change.revert();
            } else {
                change.run();
            }
            end(hooks, Milestone.SUCCESS);
            print(StatusLine.of(status().at(Status.DONE), replicaLag.getAsLong()));
        } catch (SQLException | RuntimeException e) {
            end(hooks, Milestone.FAILURE);
            throw e;
        }
    }

    private Throttle drivers(AlterRequest request, Target target, ThrottleSettings settings) throws SQLException {
        if (settings.statementMillisMax() > 0) {
            DriverMeasure.install(target::open);
        }
        List<TableName> tables =
                request.tables().stream().map(TableAlter::table).toList();
        return new DriverMeasure(target::open, tables, settings::statementMillisMax, this::note);
    }

    /** The greatest of the replicas that are looked at, as last seen. */
    private static LongSupplier lag(List<Throttle> throttles) {
        return () -> throttles.stream()
                .mapToLong(t -> t instanceof ControlReplicas several
                        ? several.millis()
                        : t instanceof ReplicaLag one ? one.millis() : 0)
                .max()
                .orElse(0);
    }

    private Signals signals(Target target) {
        ThrottleFlags t = options.throttle;
        return new Signals(
                target::open,
                target::openReplica,
                // On the way back whoever holds back is who reads the log: that it is behind would never end.
                options.state.revert ? () -> 0 : () -> status().lagMillis(),
                this::commitMicros,
                Duration.ofMillis(t.criticalLoadIntervalMillis),
                Duration.ofSeconds(t.criticalLoadHibernateSeconds),
                Duration.ofMillis(t.throttleHttpIntervalMillis),
                Duration.ofMillis(t.throttleHttpTimeoutMillis),
                t.ignoreHttpErrors);
    }

    private Path socketFile(TableName table) {
        String given = options.ops.serveSocketFile;
        return given != null ? Path.of(given) : SocketFile.of(System.getProperty("java.io.tmpdir"), table);
    }

    private void listen(OperatorSocket socket, Path file) {
        try {
            socket.listen(file, options.ops.initiallyDropSocketFile);
        } catch (IOException | UnsupportedOperationException e) {
            throw deaf(file.toString(), e, "--serve-socket-file");
        }
        int port = options.ops.serveTcpPort;
        if (port > 0) {
            try {
                socket.listen(port);
            } catch (IOException e) {
                throw deaf("port " + port, e, "--serve-tcp-port");
            }
        }
    }

    private static IllegalArgumentException deaf(String place, Exception e, String flag) {
        return new IllegalArgumentException(
                "cannot take commands at " + place + ": " + e.getMessage() + "; name another by " + flag, e);
    }

    private Optional<Statsd> statsd() throws IOException {
        return options.ops.statsdAddr.isEmpty() || options.ops.runtimeMetricsInterval <= 0
                ? Optional.empty()
                : Optional.of(new Statsd(options.ops.statsdAddr, options.ops.statsdTags));
    }

    /** What has to be done once a second beside the status line. Confined to the status thread. */
    private final class Pulse implements AutoCloseable {
        private final OperatedRun run;
        private final Hooks hooks;
        private final Optional<Statsd> statsd;
        private long second;

        private Pulse(OperatedRun run, Hooks hooks, Optional<Statsd> statsd) {
            this.run = run;
            this.hooks = hooks;
            this.statsd = statsd;
        }

        private void second(Status status) {
            second++;
            Path panic = options.cutOver.panicFlagFile;
            if (panic != null && Files.exists(panic)) {
                run.controls().panic();
            }
            long lag = run.replicaLagMillis().getAsLong();
            if (second % Math.max(1, options.ops.runtimeMetricsInterval) == 0) {
                statsd.ifPresent(s -> s.send(status, lag));
            }
            long every = options.ops.hooksStatusInterval;
            if (every > 0 && second % every == 0) {
                hooks.status(StatusLine.of(status, lag));
            }
            if (options.isJson() && !options.isQuiet()) {
                say(StatusOutput.json(status, lag));
            }
        }

        @Override
        public void close() throws IOException {
            if (statsd.isPresent()) {
                statsd.get().close();
            }
        }
    }

    private GhostNames names(AlterRequest request) {
        Alteration change = alteration.get();
        return Optional.ofNullable(change)
                .flatMap(Alteration::names)
                .orElseGet(() -> GhostNames.of(request.tables().get(0), request.rules(), Instant.now()));
    }

    private long commitMicros() {
        Alteration change = alteration.get();
        return change == null ? 0 : change.commitMicros();
    }

    private boolean isInstant() {
        Alteration change = alteration.get();
        return change != null && change.isInstant();
    }

    private Status status() {
        Alteration change = alteration.get();
        return change == null ? PREPARING : change.status();
    }

    /** Progress comes from several threads; hooks run on the one that tells of the place. */
    private void onProgress(Progress progress, Hooks hooks, StatusTimer timer) {
        boolean isInStatusLine = progress instanceof Progress.Rows || progress instanceof Progress.Throttled;
        if (!options.isQuiet() && !isInStatusLine) {
            synchronized (around) {
                around.progress().on(progress);
            }
        }
        if (progress instanceof Progress.Reached at) {
            timer.event();
            end(hooks, at.milestone());
        } else if (progress instanceof Progress.CopiedAgain again) {
            hooks.copiedAgain(again.error());
        }
    }

    /** Tells the hooks of each place; of the two ends once, whoever says so first. */
    private void end(Hooks hooks, Milestone milestone) {
        boolean isNew;
        synchronized (reached) {
            isNew = reached.add(milestone);
        }
        boolean isEnd = milestone == Milestone.SUCCESS || milestone == Milestone.FAILURE;
        if (isNew || !isEnd) {
            hooks.reached(milestone);
        }
    }

    private void note(String text) {
        if (!options.isQuiet()) {
            synchronized (around) {
                around.progress().on(new Progress.Note(text));
            }
        }
    }

    private void print(String lines) {
        if (!options.isJson() && !options.isQuiet()) {
            say(lines);
        }
    }

    private void say(String lines) {
        synchronized (around) {
            around.out().println(lines);
            around.out().flush();
        }
    }
}

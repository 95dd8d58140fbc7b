package io.crossfade.migrator.throttle;

import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.model.TableName;
import io.crossfade.state.ControlStore;
import io.crossfade.state.WatchReport;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Holds back while the drivers say that more than one of a hundred statements on the run's tables is slower than the limit: what the
 * applications feel, whatever it comes from. It has the tables watched in the control tables while there is a limit, and
 * reads what each driver has measured between its last two reports.
 *
 * <p>A driver that has told its times and does so no longer holds back until its lease has run out: it cannot be read. One that never did
 * holds nothing back, since it may be of a version that measures nothing.
 *
 * <p>One thread at a time.
 */
public final class DriverMeasure implements Throttle {

    /** How often a driver is to report: as often as it looks at the control tables anyway. */
    private static final Duration PACE = Duration.ofSeconds(1);

    /** The watch of a migrator that has died ends after this. Judged. */
    private static final Duration LASTS = Duration.ofMinutes(1);

    /** How often its end is put off. */
    private static final Duration GO_ON = Duration.ofSeconds(5);

    /** A driver that has missed so many reports cannot be read; shorter than a lease, so that it is known before that runs out. */
    private static final Duration SILENT_MAX = PACE.multipliedBy(5);

    private static final long PERCENT_OF_SLOW_MAX = 1;

    private final Asked server;
    private final List<TableName> tables;
    private final LongSupplier limitMillis;
    private final Consumer<String> note;
    private final LongSupplier nanoClock;
    private @Nullable Watching watching;
    private boolean hasSaidNobody;

    /** The watch as it stands. */
    private record Watching(UUID id, long turn, long limitMillis, long beganNanos, long wroteNanos) {}

    /**
     * @param server where the applications' drivers are
     * @param limitMillis what takes longer is slow; may change; 0 or less for no limit
     * @param note is told, once, where no driver measures anything
     */
    public DriverMeasure(
            ReplicaLag.Connections server, List<TableName> tables, LongSupplier limitMillis, Consumer<String> note) {
        this(server, tables, limitMillis, note, System::nanoTime);
    }

    DriverMeasure(
            ReplicaLag.Connections server,
            List<TableName> tables,
            LongSupplier limitMillis,
            Consumer<String> note,
            LongSupplier nanoClock) {
        this.server = new Asked(server);
        this.tables = List.copyOf(tables);
        this.limitMillis = limitMillis;
        this.note = note;
        this.nanoClock = nanoClock;
    }

    /** Makes the control tables where they are not there, for a run that begins with a limit. */
    public static void install(ReplicaLag.Connections server) throws SQLException {
        try (Connection connection = server.open()) {
            install(new ControlStore(connection));
        } catch (SQLException e) {
            if (String.valueOf(e.getSQLState()).startsWith("42")) {
                throw MigrationException.refused(
                        "cannot use --max-statement-millis: the control tables, by which drivers are"
                                + " asked, cannot be made: " + e.getMessage()
                                + "; grant SELECT, INSERT, UPDATE, DELETE, CREATE and"
                                + " ALTER on the database, or leave the flag out");
            }
            throw e;
        }
    }

    private static void install(ControlStore store) throws SQLException {
        if (store.isInstalled()) {
            store.upgrade();
        } else {
            store.install();
        }
    }

    @Override
    public Optional<String> reason() throws SQLException {
        long limit = limitMillis.getAsLong();
        if (limit <= 0) {
            end();
            return Optional.empty();
        }
        return server.use(connection -> {
            ControlStore store = new ControlStore(connection);
            Watching now = watch(store, limit);
            watching = now;
            List<WatchReport> reports = store.watches().reports(now.id);
            sayWhereNobodyReports(reports, now);
            return reason(reports, now.turn, limit);
        });
    }

    private Watching watch(ControlStore store, long limit) throws SQLException {
        long now = nanoClock.getAsLong();
        Watching known = watching;
        if (known != null && known.limitMillis == limit && now - known.wroteNanos < GO_ON.toNanos()) {
            return known;
        }
        if (known != null) {
            long turn = known.limitMillis == limit ? known.turn : known.turn + 1;
            if (store.watches().goOn(known.id, turn, Duration.ofMillis(limit), LASTS)) {
                return new Watching(known.id, turn, limit, known.beganNanos, now);
            }
        }
        install(store);
        UUID id = UUID.randomUUID();
        store.watches().begin(id, tables, Duration.ofMillis(limit), PACE, LASTS, who());
        return new Watching(id, 1, limit, now, now);
    }

    private void sayWhereNobodyReports(List<WatchReport> reports, Watching now) {
        if (reports.isEmpty() && !hasSaidNobody && nanoClock.getAsLong() - now.beganNanos > SILENT_MAX.toNanos()) {
            hasSaidNobody = true;
            note.accept("no driver tells how long its statements on "
                    + tables.stream().map(TableName::toString).collect(Collectors.joining(", "))
                    + " take; --max-statement-millis holds nothing back until one does: none is connected, or they are of an"
                    + " older version, or may not write crossfade_watch_client");
        }
    }

    /** What these reports come to; those by another limit say nothing. */
    static Optional<String> reason(List<WatchReport> reports, long turn, long limitMillis) {
        String silent = reports.stream()
                .filter(DriverMeasure::isSilent)
                .map(r -> shown(r) + " has not told its times for " + r.age().toSeconds() + " s")
                .collect(Collectors.joining(", "));
        if (!silent.isEmpty()) {
            return Optional.of("drivers' times are not known: " + silent);
        }
        List<WatchReport> told = reports.stream().filter(r -> r.turn() == turn).toList();
        long statements = told.stream().mapToLong(WatchReport::statements).sum();
        long slower = told.stream().mapToLong(WatchReport::slower).sum();
        if (slower * 100 <= statements * PERCENT_OF_SLOW_MAX) {
            return Optional.empty();
        }
        Duration slowest = told.stream()
                .map(WatchReport::slowest)
                .max(Comparator.naturalOrder())
                .orElseThrow();
        WatchReport worst = told.stream()
                .max(Comparator.comparingLong(WatchReport::slower).thenComparing(WatchReport::slowest))
                .orElseThrow();
        return Optional.of(String.format(
                Locale.ROOT,
                "%.1f %% of the drivers' statements took longer than %d ms, the slowest %d ms; most of them those of %s",
                slower * 100.0 / statements,
                limitMillis,
                slowest.toMillis(),
                shown(worst)));
    }

    private static boolean isSilent(WatchReport report) {
        return report.age().compareTo(SILENT_MAX) > 0;
    }

    private static String shown(WatchReport client) {
        return client.application() + " on " + client.host() + " (process " + client.pid() + ")";
    }

    @Override
    public String name() {
        return "max-statement-millis";
    }

    @Override
    public void release() {
        end();
        server.release();
    }

    private void end() {
        Watching known = watching;
        watching = null;
        if (known != null) {
            try {
                server.use(connection -> {
                    new ControlStore(connection).watches().end(known.id);
                    return known;
                });
            } catch (SQLException e) {
                return; // It ends by itself, soon.
            }
        }
    }

    private static String who() {
        return System.getProperty("user.name", "unknown") + " (process "
                + ProcessHandle.current().pid() + ")";
    }
}

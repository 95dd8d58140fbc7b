package io.crossfade.migrator.cutover;

import io.crossfade.dialect.MySqlDialect;
import io.crossfade.migrator.gate.Gate;
import io.crossfade.migrator.mysql.Connections;
import io.crossfade.model.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The cut-over of servers that do not let a session rename what it has locked (MySQL 5.7, MariaDB): some sessions hold the
 * tables, another one's RENAME waits for them, and goes first when they let go. {@link WaitingRename} is the attempt itself;
 * here its sessions and its sentry come and go.
 *
 * <p>One thread at a time.
 */
final class SentryRename implements Exchange {
    /** A session that is lost over it costs another one. */
    private static final int DROPS_MAX = 3;

    private final Connections connections;
    private final MySqlDialect dialect;
    private final Judge judge;
    private final Duration writersHeldMax;

    SentryRename(Connections connections, MySqlDialect dialect, Duration writersHeldMax) {
        this.connections = connections;
        this.dialect = dialect;
        this.judge = new Judge(connections, dialect);
        this.writersHeldMax = writersHeldMax;
    }

    @Override
    public Attempt run(List<Swap> swaps, Drain drain, Gate gate) throws SQLException {
        List<Swap> ordered = swaps.stream()
                .sorted((one, other) -> Sentry.compare(one.table(), other.table()))
                .toList();
        List<TableName> tables = ordered.stream().map(Swap::table).toList();
        List<Session> sessions = new ArrayList<>();
        try (Session killer = Session.open(connections, writersHeldMax);
                Session monitor = Session.open(connections, writersHeldMax)) {
            Sentry sentry = Sentry.of(tables, monitor.mark.id());
            try {
                sentry.drop(monitor.connection, dialect);
                sentry.create(monitor, dialect);
                // A holder and a probe for each table, the renaming session and the draining one.
                for (int i = 0; i < 2 * swaps.size() + 2; i++) {
                    sessions.add(Session.open(connections, writersHeldMax));
                }
                return attempt(ordered, drain, gate, sentry, sessions, monitor, killer);
            } finally {
                gate.open();
                judge.end(sessions);
                drop(sentry);
            }
        }
    }

    private Attempt attempt(
            List<Swap> swaps,
            Drain drain,
            Gate gate,
            Sentry sentry,
            List<Session> sessions,
            Session monitor,
            Session killer)
            throws SQLException {
        for (Session session : sessions) {
            session.hush(writersHeldMax);
        }
        Hold hold = Hold.begin(writersHeldMax);
        Attempt attempt;
        SQLException refusal;
        String rename;
        Optional<String> inTheWay = gate.hold(writersHeldMax.dividedBy(RenameUnderLock.GATE_PART));
        if (inTheWay.isPresent()) {
            return Attempt.notDone(hold.elapsed(), inTheWay.get());
        }
        try (Watchdog watchdog = Watchdog.over(killer.connection, sessions, hold.deadlineNanos());
                WaitingRename waiting =
                        new WaitingRename(new Statements(dialect), swaps, sentry, sessions, monitor, hold)) {
            attempt = waiting.run(drain, watchdog);
            gate.open();
            refusal = waiting.refusal();
            rename = waiting.rename();
        }
        if (attempt.outcome() == Outcome.UNKNOWN) {
            judge.end(sessions);
            List<Session.Mark> marks = sessions.stream().map(s -> s.mark).toList();
            attempt = judge.ask(attempt, swaps, rename, marks);
        }
        if (attempt.outcome() == Outcome.NOT_DONE && refusal != null) {
            throw refusal;
        }
        return attempt;
    }

    /** Where the server stays away, the next cut-over of the table does it; after a last one the guard would be left. */
    private void drop(Sentry sentry) {
        boolean isGone = false;
        for (int attempt = 1; attempt <= DROPS_MAX && !isGone; attempt++) {
            isGone = isDropped(sentry);
        }
    }

    private boolean isDropped(Sentry sentry) {
        try (Connection connection = connections.open()) {
            sentry.drop(connection, dialect);
            return true;
        } catch (SQLException e) {
            return false;
        }
    }
}

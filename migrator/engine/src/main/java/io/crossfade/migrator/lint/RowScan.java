package io.crossfade.migrator.lint;

import io.crossfade.migrator.chunk.Key;
import io.crossfade.migrator.chunk.KeyRange;
import io.crossfade.migrator.chunk.Position;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Asks all questions of every row in one pass over the table, range by range in plain reads, which lock nothing and hold no
 * snapshot for long. One thread at a time.
 */
final class RowScan {

    /** Long enough to be quick, short enough to hold no snapshot for long. Judged, not measured. */
    private static final int CHUNK_ROWS = 20_000;

    private static final int KEYS_MAX = 5;

    /** Some hundred million rows; who has more gets the count of so many. Judged, not measured. */
    private static final Duration SCAN_MAX = Duration.ofMinutes(10);

    private final Connection connection;
    private final Key key;
    private final Runnable check;
    private final Duration scanMax;

    RowScan(Connection connection, Key key, Runnable check) {
        this(connection, key, check, SCAN_MAX);
    }

    RowScan(Connection connection, Key key, Runnable check, Duration scanMax) {
        this.connection = connection;
        this.key = key;
        this.check = check;
        this.scanMax = scanMax;
    }

    /** What the rows suffer, and whether the scan came to its end. */
    List<Finding> ask(List<Question> questions) throws SQLException {
        Optional<List<String>> end = questions.isEmpty() ? Optional.empty() : key.last(connection);
        if (end.isEmpty()) {
            return List.of();
        }
        long[] rows = new long[questions.size()];
        List<List<String>> keys = new ArrayList<>();
        questions.forEach(q -> keys.add(new ArrayList<>()));
        long beganNanos = System.nanoTime();
        Position at = new Position(List.of(), end.get());
        while (!at.done().equals(at.end()) && System.nanoTime() - beganNanos < scanMax.toNanos()) {
            check.run();
            KeyRange range = key.next(connection, at.done(), at.end(), CHUNK_ROWS);
            count(questions, range, rows, keys);
            at = at.at(range.upTo());
        }
        return findings(questions, rows, keys, at);
    }

    private List<Finding> findings(List<Question> questions, long[] rows, List<List<String>> keys, Position at) {
        boolean isWhole = at.done().equals(at.end());
        List<Finding> findings = new ArrayList<>();
        for (int i = 0; i < rows.length; i++) {
            if (rows[i] > 0) {
                findings.add(Finding.refuse(
                        (isWhole ? "" : "at least ") + rows[i] + " rows "
                                + questions.get(i).seen() + ", among them " + String.join("; ", keys.get(i)),
                        questions.get(i).todo()));
            }
        }
        if (!isWhole) {
            findings.add(Finding.warn(
                    "the rows were counted for " + scanMax.toMinutes() + " minutes, up to "
                            + (at.done().isEmpty() ? "the first" : key.shown(at.done())) + " only",
                    "what the rest holds shows while it is copied"));
        }
        return findings;
    }

    private void count(List<Question> questions, KeyRange range, long[] rows, List<List<String>> keys)
            throws SQLException {
        String from = " FROM " + key.indexed() + " WHERE " + key.where(range);
        String sums = questions.stream()
                .map(q -> "COALESCE(SUM(" + q.condition() + "), 0)")
                .collect(Collectors.joining(", "));
        long[] here = new long[rows.length];
        try (Statement s = connection.createStatement()) {
            try (ResultSet r = s.executeQuery("SELECT " + sums + from)) {
                r.next();
                for (int i = 0; i < rows.length; i++) {
                    here[i] = r.getLong(i + 1);
                    rows[i] += here[i];
                }
            }
            for (int i = 0; i < rows.length; i++) {
                if (here[i] > 0 && keys.get(i).size() < KEYS_MAX) {
                    examples(s, from + " AND " + questions.get(i).condition(), keys.get(i));
                }
            }
        }
    }

    private void examples(Statement s, String from, List<String> keys) throws SQLException {
        try (ResultSet r = s.executeQuery("SELECT " + key.selected() + from + " LIMIT " + (KEYS_MAX - keys.size()))) {
            while (r.next()) {
                keys.add(key.shown(key.read(r)));
            }
        }
    }
}

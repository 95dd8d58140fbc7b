package io.crossfade.migrator.alter;

import io.crossfade.migrator.ghost.Rules;
import io.crossfade.migrator.mysql.SomeRules;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.signal.Milestone;
import io.crossfade.migrator.signal.Progress;
import io.crossfade.testkit.TestDatabase;
import io.crossfade.testkit.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One form: a table changed by a ghost, beside a twin of the same name in another database, which the server changes by its own ALTER. */
final class FormsTrial {
    private final FormsFile file;
    private final TestServer server;
    private final TestDatabase database;
    private final TestDatabase twin;

    FormsTrial(FormsFile file, TestServer server, TestDatabase database, TestDatabase twin) {
        this.file = file;
        this.server = server;
        this.database = database;
        this.twin = twin;
    }

    /** What is not as it should be; empty where all is. */
    String play(FormsFile.Form form, Rules.IndexTime indexes) throws SQLException {
        AlterTrial ours = new AlterTrial(server, database);
        AlterTrial theirs = new AlterTrial(server, twin);
        clear(ours);
        clear(theirs);
        try {
            prepare(ours);
        } catch (SQLException e) {
            // A server that does not have such tables.
            return "";
        }
        prepare(theirs);
        String refused = byServer(theirs, form);
        ours.rules = rules(indexes);
        ours.bounds = StressCase.bounds(2);
        ours.controls.chunkRows(3);
        ours.listener = writing(ours);
        Map<String, FormsPicture> before = pictures(ours, List.of());
        String failure = "";
        try {
            ours.alter(file.table(), form.alter());
        } catch (MigrationException e) {
            failure = e.kind() + ": " + e.getMessage();
        } catch (SQLException | RuntimeException e) {
            failure = "FAILED: " + e;
        }
        Map<String, FormsPicture> after = pictures(ours, form.unlike());
        if (!failure.isEmpty()) {
            return refusal(form, refused, failure, before, after);
        }
        if (!refused.isEmpty()) {
            return form.isTakenAnyway() ? "" : "taken, though the server refuses it: " + refused;
        }
        if (!form.refusal().isEmpty()) {
            return "not refused";
        }
        Map<String, FormsPicture> wanted = pictures(theirs, form.unlike());
        if (form.isNumbering()) {
            wanted.replaceAll((name, picture) -> picture.withoutNextNumber());
            after.replaceAll((name, picture) -> picture.withoutNextNumber());
        }
        if (form.isReordered()) {
            wanted.replaceAll((name, picture) -> picture.inOrder());
            after.replaceAll((name, picture) -> picture.inOrder());
        }
        return compared(wanted, after);
    }

    private static String refusal(
            FormsFile.Form form,
            String refused,
            String failure,
            Map<String, FormsPicture> before,
            Map<String, FormsPicture> after) {
        if (!form.ending().isEmpty() && failure.contains(form.ending())) {
            return "";
        }
        if (!failure.startsWith("REFUSED: ")) {
            return "ended: " + failure + (refused.isEmpty() ? "" : "; the server: " + refused);
        }
        if (refused.isEmpty() && (form.refusal().isEmpty() || !failure.contains(form.refusal()))) {
            return failure;
        }
        String changed = compared(before, after);
        return changed.isEmpty() ? "" : "refused, and left changed: " + changed;
    }

    /** Every table that one of them has, but for what a change leaves beside its table. */
    private static String compared(Map<String, FormsPicture> wanted, Map<String, FormsPicture> seen) {
        List<String> unlike = new ArrayList<>();
        wanted.forEach((name, picture) -> {
            FormsPicture other = seen.get(name);
            String how = other == null ? "is gone" : other.unlike(picture);
            if (!how.isEmpty()) {
                unlike.add(name + " " + how);
            }
        });
        seen.keySet().stream()
                .filter(name -> !wanted.containsKey(name) && !name.matches("(?s)_.*_(del|ghk)"))
                .forEach(name -> unlike.add(name + " is left"));
        return String.join("\n", unlike);
    }

    private String byServer(AlterTrial theirs, FormsFile.Form form) throws SQLException {
        for (String write : file.writes()) {
            theirs.execute("SET SESSION sql_mode = 'STRICT_TRANS_TABLES'", named(write));
        }
        try {
            theirs.execute(
                    form.alter().toUpperCase(java.util.Locale.ROOT).matches("(?s)ALTER (ONLINE |IGNORE )*TABLE.*")
                            ? form.alter()
                            : "ALTER TABLE " + named("{t} ") + form.alter());
            return "";
        } catch (SQLException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private void prepare(AlterTrial trial) throws SQLException {
        try (Connection connection = trial.connect();
                Statement s = connection.createStatement()) {
            s.execute("SET SESSION sql_mode = 'STRICT_TRANS_TABLES'");
            for (String statement : file.prepare()) {
                s.execute(named(statement).replace("{folder}", trial.one("SELECT @@tmpdir")));
            }
        }
    }

    private String named(String statement) {
        return statement.replace("{t}", "`" + file.table().replace("`", "``") + "`");
    }

    private Rules rules(Rules.IndexTime indexes) {
        return SomeRules.with(r -> {
            r.route = Rules.Route.GHOST;
            r.approvesRenamed = true;
            r.indexes = indexes;
            r.triggers = file.wishes().contains("triggers");
            r.suffix = r.triggers ? "_cf" : "";
            r.discardsKeys = file.wishes().contains("discards-keys");
            r.acceptsLint = file.wishes().contains("accepts-lint");
        });
    }

    /** Half of what is written before the copy, the rest behind it. */
    private io.crossfade.migrator.signal.Listener writing(AlterTrial trial) {
        int half = file.writes().size() / 2;
        return progress -> {
            trial.progress.add(progress);
            if (progress instanceof Progress.Reached at) {
                if (at.milestone() == Milestone.BEFORE_ROW_COPY) {
                    write(trial, file.writes().subList(0, half));
                } else if (at.milestone() == Milestone.ROW_COPY_COMPLETE) {
                    write(trial, file.writes().subList(half, file.writes().size()));
                }
            }
        };
    }

    private void write(AlterTrial trial, List<String> writes) {
        try {
            for (String write : writes) {
                trial.execute("SET SESSION sql_mode = 'STRICT_TRANS_TABLES'", named(write));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private Map<String, FormsPicture> pictures(AlterTrial trial, List<String> unlike) throws SQLException {
        Map<String, FormsPicture> pictures = new TreeMap<>();
        try (Connection connection = trial.connect()) {
            for (String name : tables(trial)) {
                if (!name.matches("(?s)_.*_(del|ghk)")) {
                    pictures.put(
                            name,
                            FormsPicture.of(connection, name, !server.kind().isMariaDb(), unlike));
                }
            }
        }
        return pictures;
    }

    private static List<String> tables(AlterTrial trial) throws SQLException {
        return trial.column("SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()"
                + " AND TABLE_TYPE <> 'VIEW'");
    }

    private static void clear(AlterTrial trial) throws SQLException {
        for (String name : tables(trial)) {
            trial.execute("SET SESSION foreign_key_checks = 0", "DROP TABLE `" + name.replace("`", "``") + "`");
        }
    }
}

package io.crossfade.migrator.alter;

import io.crossfade.migrator.check.LogSettings;
import io.crossfade.migrator.checkpoint.AlterCheckpoint;
import io.crossfade.migrator.checkpoint.CheckpointTable;
import io.crossfade.migrator.chunk.Key;
import io.crossfade.migrator.chunk.KeyColumn;
import io.crossfade.migrator.ghost.ColumnPair;
import io.crossfade.migrator.ghost.Rules;
import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.migrator.ghost.TableChange;
import io.crossfade.migrator.lint.Finding;
import io.crossfade.migrator.lint.Lint;
import io.crossfade.migrator.mysql.AlterText;
import io.crossfade.migrator.mysql.DataDirectory;
import io.crossfade.migrator.mysql.FreeDisk;
import io.crossfade.migrator.mysql.GhostNames;
import io.crossfade.migrator.mysql.GhostPrivileges;
import io.crossfade.migrator.mysql.GhostTables;
import io.crossfade.migrator.mysql.Histograms;
import io.crossfade.migrator.mysql.NullKeys;
import io.crossfade.migrator.mysql.Server;
import io.crossfade.migrator.mysql.SourceTable;
import io.crossfade.migrator.mysql.Switches;
import io.crossfade.migrator.mysql.TableFacts;
import io.crossfade.migrator.route.Route;
import io.crossfade.migrator.route.Routes;
import io.crossfade.migrator.signal.Cancel;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.model.Table;
import io.crossfade.model.TableName;
import io.crossfade.state.CatalogReader;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** Plans the change of one table. Nothing of the table is touched: what has to be tried is tried on an empty clone. */
public final class AlterPlanning {
    private final Connection connection;
    private final TableAlter alter;
    private final Rules rules;
    private final Switches switches;
    private final Runnable check;

    private AlterPlanning(Connection connection, TableAlter alter, Rules rules, Switches switches, Runnable check) {
        this.connection = connection;
        this.alter = alter;
        this.rules = rules;
        this.switches = switches;
        this.check = check;
    }

    /**
     * Plans it; refused where there is no way at all.
     *
     * @param connection one of {@link io.crossfade.migrator.mysql.Connections}, in autocommit mode
     */
    public static AlterPlan plan(Connection connection, TableAlter alter, Rules rules) throws SQLException {
        return plan(connection, alter, rules, Switches.NONE, new Cancel());
    }

    /**
     * The same, to be stopped between two ranges of the row count.
     *
     * @param switches the server's settings that the run would change
     */
    public static AlterPlan plan(Connection connection, TableAlter alter, Rules rules, Switches switches, Cancel cancel)
            throws SQLException {
        return new AlterPlanning(connection, alter, rules, switches, cancel::check).plan();
    }

    /**
     * The same.
     *
     * @param check asked while the rows are looked at; ends the plan by throwing
     */
    static AlterPlan plan(Connection connection, TableAlter alter, Rules rules, Switches switches, Runnable check)
            throws SQLException {
        return new AlterPlanning(connection, alter, rules, switches, check).plan();
    }

    private AlterPlan plan() throws SQLException {
        SourceTable source = SourceTable.read(connection, alter.table());
        AlterText text = AlterText.read(connection, Server.of(connection), alter);
        Earlier earlier = earlier();
        try {
            return plan(source, text, earlier);
        } catch (MigrationException e) {
            // What that one has done already may be why this one cannot be done.
            earlier.underWay().ifPresent(UnderWay::check);
            throw e;
        }
    }

    /**
     * What runs before this one have left.
     *
     * @param tables under the names that this one would use
     */
    private record Earlier(GhostTables tables, Optional<AlterCheckpoint> checkpoint, Optional<UnderWay> underWay) {

        /** Whether a ghost that is there is that of a run which can be gone on with, or which this one would begin anew. */
        boolean isGhostKnown() {
            return underWay.isPresent()
                    || checkpoint.filter(UnderWay::isBarelyBegun).isPresent();
        }
    }

    private Earlier earlier() throws SQLException {
        GhostTables tables = new GhostTables(alter, rules, GhostNames.of(alter, rules, Instant.now()));
        Optional<AlterCheckpoint> checkpoint = new CheckpointTable(
                        Server.of(connection).dialect(), tables.names().checkpoint())
                .read(connection);
        return new Earlier(tables, checkpoint, checkpoint.flatMap(c -> UnderWay.of(alter, c, rules)));
    }

    private AlterPlan plan(SourceTable source, AlterText text, Earlier earlier) throws SQLException {
        Route route = Routes.find(connection, alter, rules);
        List<Finding> findings = new ArrayList<>();
        earlier.underWay().map(AlterPlanning::finding).ifPresent(findings::add);
        if (isGhost(route)) {
            earlier.tables().checkTies(connection);
            findings.addAll(obstacles(earlier));
            if (findings.stream().noneMatch(Finding::isRefusal)) {
                findings.addAll(log(source.table()));
            }
            histograms(source.table().name()).ifPresent(findings::add);
            folder(source.table().name()).ifPresent(findings::add);
        }
        Rehearsal rehearsal = rehearse(source.table(), text, route);
        findings.addAll(rehearsal.findings());
        return plan(source, route, earlier.tables().names(), rehearsal, findings);
    }

    /**
     * What came of the ALTER on an empty clone.
     *
     * @param key by which rows are told apart; empty where no ghost is needed
     * @param columns what becomes of which column; the same
     */
    private record Rehearsal(String key, Map<String, String> columns, List<Finding> findings) {

        Map<String, String> renames() {
            return columns.entrySet().stream()
                    .filter(e -> !e.getKey().equalsIgnoreCase(e.getValue()))
                    .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        }
    }

    private Rehearsal rehearse(Table before, AlterText text, Route route) throws SQLException {
        GhostTables clone = GhostTables.rehearsal(connection, alter, rules);
        Lint lint = new Lint(connection, Server.of(connection), text, rules, check);
        try {
            clone.shape(connection);
            TableName name = clone.names().ghost();
            Table after = new CatalogReader(connection).table(name).orElseThrow();
            List<Finding> findings = new ArrayList<>(lint.structure(before, after));
            if (!isGhost(route)) {
                return new Rehearsal("", Map.of(), findings);
            }
            engine(name).ifPresent(findings::add);
            clone.checkShape(connection);
            TableChange change = clone.describe(connection);
            nullKeys(change).ifPresent(findings::add);
            findings.addAll(lint.rows(change));
            Map<String, String> columns = new LinkedHashMap<>();
            for (ColumnPair pair : change.pairs()) {
                columns.put(pair.source().name(), pair.ghost().name());
            }
            return new Rehearsal(shown(change.sourceKey()), columns, findings);
        } finally {
            clone.drop(connection);
        }
    }

    private AlterPlan plan(
            SourceTable source, Route route, GhostNames names, Rehearsal rehearsal, List<Finding> findings)
            throws SQLException {
        TableFacts facts = source.facts().withFile(connection);
        long rows = rules.countsRows() ? counted(facts.name()) : facts.rows();
        long disk = isGhost(route) ? facts.dataBytes() + facts.indexBytes() : 0;
        long log = isGhost(route) ? facts.dataBytes() : 0;
        OptionalLong free = FreeDisk.bytes(connection);
        if (free.isPresent() && disk + log > free.getAsLong()) {
            findings.add(new Finding(
                    rules.acceptsLint() ? Finding.Severity.WARN : Finding.Severity.REFUSE,
                    "the copy needs about " + (disk + log) + " bytes with its change log, and the server's disk has "
                            + free.getAsLong() + " left",
                    "make room first"));
        }
        return new AlterPlan(
                facts.name(),
                route,
                names,
                rehearsal.key(),
                rehearsal.columns(),
                rehearsal.renames(),
                findings,
                rows,
                rules.countsRows(),
                disk,
                log,
                free,
                isGhost(route) ? expected(rows, facts) : Duration.ZERO);
    }

    private static boolean isGhost(Route route) {
        return route.kind() == Rules.Route.GHOST;
    }

    private static Duration expected(long rows, TableFacts facts) {
        long byRows = rows / AlterPlan.ROWS_PER_SECOND;
        long byBytes = (facts.dataBytes() + facts.indexBytes()) / AlterPlan.BYTES_PER_SECOND;
        return Duration.ofSeconds(1 + Math.max(byRows, byBytes));
    }

    private static Finding finding(UnderWay underWay) {
        return underWay.isAnother()
                ? new Finding(Finding.Severity.REFUSE, underWay.seen(), underWay.remedy())
                : new Finding(
                        Finding.Severity.WARN,
                        "this change is under way (" + underWay.checkpoint().step() + ")",
                        "the same command with --execute goes on with it");
    }

    /** What the change log cannot give, or gives at a price. */
    private List<Finding> log(Table table) throws SQLException {
        return LogSettings.look(connection, table, switches).stream()
                .map(f ->
                        new Finding(f.isFatal() ? Finding.Severity.REFUSE : Finding.Severity.WARN, f.seen(), f.todo()))
                .toList();
    }

    private Optional<Finding> histograms(TableName table) throws SQLException {
        List<String> columns = Histograms.of(connection, table);
        return columns.isEmpty()
                ? Optional.empty()
                : Optional.of(new Finding(
                        Finding.Severity.WARN,
                        "the server keeps statistics of " + String.join(", ", columns)
                                + " that somebody had it take; they stay with the old table",
                        "have it take them anew after the cut-over: ANALYZE TABLE … "
                                + "UPDATE HISTOGRAM, or PERSISTENT FOR ALL on MariaDB"));
    }

    private Optional<Finding> folder(TableName table) throws SQLException {
        String folder = DataDirectory.of(connection, table);
        return folder.isEmpty()
                ? Optional.empty()
                : Optional.of(new Finding(
                        rules.acceptsLint() ? Finding.Severity.WARN : Finding.Severity.REFUSE,
                        "the table has its file in DATA DIRECTORY " + folder
                                + ", and the new one would have it in the server's own folder",
                        "make sure that there is room and that this is meant, and say --accept-lint"));
    }

    /** What would stop a ghost at once. */
    private List<Finding> obstacles(Earlier earlier) throws SQLException {
        GhostTables tables = earlier.tables();
        List<Finding> findings = new ArrayList<>();
        List<String> missing =
                GhostPrivileges.missing(connection, tables.names().table().schema());
        if (!missing.isEmpty()) {
            findings.add(new Finding(
                    Finding.Severity.REFUSE, "this user lacks " + String.join(", ", missing), "grant them"));
        }
        for (TableName left : tables.leftovers(connection)) {
            boolean isGhost = !left.equals(tables.names().old());
            if (left.equals(tables.names().ghost()) && earlier.isGhostKnown()) {
                continue;
            }
            boolean isDropped = isGhost ? rules.dropsGhostFirst() : rules.dropsOldFirst();
            findings.add(new Finding(
                    isDropped ? Finding.Severity.WARN : Finding.Severity.REFUSE,
                    "table \"" + left + "\" exists, " + Origin.of(left, tables.names(), earlier.checkpoint()),
                    isDropped
                            ? "it will be dropped, as asked"
                            : "drop it, or say --initially-drop-" + (isGhost ? "ghost" : "old") + "-table"));
        }
        return findings;
    }

    /** Not to be taken upon oneself: no such run comes to its end. */
    private Optional<Finding> engine(TableName clone) throws SQLException {
        TableFacts facts = TableFacts.of(connection, clone).orElseThrow();
        return facts.hasTransactions(connection)
                ? Optional.empty()
                : Optional.of(new Finding(
                        Finding.Severity.REFUSE,
                        "the new engine, " + facts.engine() + ", has no transactions: what is written to a ghost could"
                                + " not be rolled back, and with GTIDs the server refuses to write it",
                        "keep InnoDB, or let the server change the engine by its own ALTER, which holds writers"));
    }

    /** Not to be taken upon oneself: these rows would be lost. */
    private Optional<Finding> nullKeys(TableChange change) throws SQLException {
        NullKeys keys = new NullKeys(change);
        long rows = keys.count(connection, check);
        return rows == 0
                ? Optional.empty()
                : Optional.of(new Finding(Finding.Severity.REFUSE, keys.seen(rows), NullKeys.remedy()));
    }

    private static String shown(Key key) {
        return key.index() + " (" + key.columns().stream().map(KeyColumn::name).collect(Collectors.joining(", ")) + ")";
    }

    private long counted(TableName table) throws SQLException {
        Server server = Server.of(connection);
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery(
                        "SELECT COUNT(*) FROM " + server.dialect().quote(table.schema()) + "."
                                + server.dialect().quote(table.table()))) {
            r.next();
            return r.getLong(1);
        }
    }
}

package io.crossfade.sql.differential;

import io.crossfade.dialect.MySqlDialect;
import io.crossfade.dialect.Sides;
import io.crossfade.dialect.SqlMode;
import io.crossfade.model.Change;
import io.crossfade.model.Direction;
import io.crossfade.model.Mapping;
import io.crossfade.model.NewColumn;
import io.crossfade.model.OldColumn;
import io.crossfade.model.Side;
import io.crossfade.model.Stage;
import io.crossfade.model.Table;
import io.crossfade.sql.Catalog;
import io.crossfade.sql.RewriteRefusedException;
import io.crossfade.sql.Rewriter;
import io.crossfade.sql.SessionView;
import io.crossfade.state.CatalogReader;
import io.crossfade.state.ChangeState;
import io.crossfade.state.Snapshot;
import io.crossfade.testkit.SqlGenerator.Statement;
import io.crossfade.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The same table twice: one as the application's code believes it to be, written directly, and one that is changing, written
 * through the rewriter. Whatever the application does, it must not be able to tell them apart.
 */
final class Twin implements AutoCloseable {
    final Connection plain;
    final Connection changing;
    final Change change;
    final Table before;
    private final MySqlDialect dialect;
    private final Rewriter rewriter;
    private final String schema;
    private final Scenario scenario;
    private long epoch = 1;
    private Stage stage = Stage.OFF;
    private Direction direction = Direction.FORWARD;

    Twin(TestDatabase plainDatabase, TestDatabase changingDatabase, Scenario scenario, Side view) throws SQLException {
        this.scenario = scenario;
        plain = plainDatabase.connect();
        changing = changingDatabase.connect();
        schema = changingDatabase.name();
        change = scenario.change(schema);
        String head = "CREATE TABLE item (id BIGINT PRIMARY KEY, qty INT NOT NULL DEFAULT 5, ";
        String tail = ", note VARCHAR(40) NULL) CHARACTER SET utf8mb4";
        run(changing, head + scenario.oldColumns() + tail);
        run(plain, head + (view == Side.OLD ? scenario.oldColumns() : scenario.newColumns()) + tail);
        for (Connection c : List.of(plain, changing)) {
            // The second table has a column of the new one's name: a trap for bare names.
            run(
                    c,
                    "CREATE TABLE other (id BIGINT PRIMARY KEY, title VARCHAR(40), order_state_x VARCHAR(20)) CHARACTER SET utf8mb4");
            run(c, "INSERT INTO other (id, title) VALUES (1, 'one'), (2, 'two'), (3, NULL), (5, 'five')");
        }
        try (var s = changing.createStatement();
                ResultSet r = s.executeQuery("SELECT VERSION()")) {
            r.next();
            dialect = MySqlDialect.of(r.getString(1));
        }
        CatalogReader reader = new CatalogReader(changing);
        before = reader.table(change.table()).orElseThrow();
        Catalog catalog = name -> {
            try {
                return reader.table(name);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        };
        rewriter = new Rewriter(dialect, catalog);
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (var s = connection.createStatement()) {
            s.execute(sql);
        }
    }

    /** Is told when the stage moves, between what the migrator does before and after. */
    interface Mover {
        void move(Stage stage, Direction direction) throws SQLException;
    }

    private Mover mover = (to, way) -> {};

    void onMove(Mover listener) {
        mover = listener;
    }

    Stage stage() {
        return stage;
    }

    /** Does what the migrator does around a step, then takes it. */
    void moveTo(Stage next, Direction way) throws SQLException {
        direction = way;
        if (way == Direction.FORWARD) {
            switch (next) {
                case SHADOW -> backfill();
                case COMPLETE -> {
                    for (String ddl : scenario.ready()) {
                        // A MODIFY that does not say INVISIBLE makes the column visible.
                        run(changing, dialect.hidesColumns() ? ddl + " INVISIBLE" : ddl);
                    }
                }
                default -> {
                    // Nothing beforehand.
                }
            }
        } else if (next == Stage.LIVE) {
            refill();
        }
        stage = next;
        epoch++;
        mover.move(next, way);
        if (way == Direction.FORWARD && next == Stage.EXPAND) {
            for (Mapping mapping : change.mappings()) {
                for (NewColumn column : mapping.news()) {
                    run(
                            changing,
                            "ALTER TABLE item ADD COLUMN " + column.name() + " " + definition(mapping, column)
                                    + (dialect.hidesColumns() ? " NULL INVISIBLE" : " NULL"));
                }
            }
        }
        if (way == Direction.FORWARD && next == Stage.EXPAND) {
            for (String ddl : scenario.defaults()) {
                run(changing, ddl);
            }
        }
        if (next == Stage.CONTRACT) {
            for (Mapping mapping : change.mappings()) {
                for (OldColumn column : mapping.olds()) {
                    if (mapping.kind().replacesOld()) {
                        run(changing, "ALTER TABLE item DROP COLUMN " + column.name());
                    }
                }
            }
        }
        epoch++;
    }

    private String definition(Mapping mapping, NewColumn column) {
        if (!mapping.isIdentity()) {
            return String.valueOf(column.type());
        }
        var old = before.column(mapping.olds().get(0).name()).orElseThrow();
        return old.type() + " CHARACTER SET " + old.charset() + " COLLATE " + old.collation();
    }

    private void backfill() throws SQLException {
        for (Mapping mapping : change.mappings()) {
            if (mapping.hasUp()) {
                Sides sides = new Sides(dialect, mapping, before);
                var naming = Sides.quoted(dialect, "");
                List<String> sets = mapping.news().stream()
                        .map(n -> n.name() + " = " + sides.up(n, naming))
                        .toList();
                run(changing, "UPDATE item SET " + String.join(", ", sets) + " WHERE NOT " + sides.agree(naming));
            }
        }
    }

    private void refill() throws SQLException {
        for (Mapping mapping : change.mappings()) {
            if (mapping.kind().replacesOld()) {
                Sides sides = new Sides(dialect, mapping, before);
                var naming = Sides.quoted(dialect, "");
                List<String> sets = mapping.olds().stream()
                        .map(o -> o.name() + " = " + sides.down(o, naming))
                        .toList();
                run(changing, "UPDATE item SET " + String.join(", ", sets) + " WHERE NOT " + sides.agree(naming));
            }
        }
    }

    /** How many rows have two sides that do not explain each other. */
    long disagreeing() throws SQLException {
        long count = 0;
        for (Mapping mapping : change.mappings()) {
            if (mapping.hasUp()) {
                String agree = new Sides(dialect, mapping, before).agree(Sides.quoted(dialect, ""));
                try (var s = changing.createStatement();
                        ResultSet r = s.executeQuery("SELECT COUNT(*) FROM item WHERE NOT " + agree)) {
                    r.next();
                    count += r.getLong(1);
                }
            }
        }
        return count;
    }

    /** What a statement gave: its rows, its count, or that it failed. */
    record Outcome(@Nullable List<String> rows, long count, boolean failed, String error) {}

    Outcome directly(Statement statement) {
        return execute(plain, statement.sql(), statement);
    }

    String rewritten(Statement statement, Side view, boolean readsNew) throws RewriteRefusedException {
        ChangeState state = new ChangeState(change, before, stage, direction, 50);
        SessionView session = new SessionView(schema, SqlMode.DEFAULT, view, readsNew ? Set.of(change.id()) : Set.of());
        return rewriter.rewrite(statement.sql(), new Snapshot(epoch, List.of(state)), session)
                .sql();
    }

    Outcome throughRewriter(String sql, Statement statement) {
        return execute(changing, sql, statement);
    }

    /**
     * REPLACE of a row by the very same row counts 1, of another row 2; a side that is stale, as the new one is before the
     * backfill, makes another row of it. Known, and written down in docs/limits.md.
     */
    static boolean countDependsOnTheOtherSide(Statement statement) {
        return statement.sql().startsWith("REPLACE");
    }

    /** Both tables as they stand, for a failure's message. */
    String dump() {
        Statement all = new Statement("SELECT * FROM item ORDER BY id", List.of(), true, true);
        return "plain: " + execute(plain, all.sql(), all).rows() + "\nchanging: "
                + execute(changing, all.sql(), all).rows();
    }

    static Outcome execute(Connection connection, String sql, Statement statement) {
        try (PreparedStatement s = connection.prepareStatement(sql)) {
            List<@Nullable String> parameters = statement.parameters();
            for (int i = 0; i < parameters.size(); i++) {
                s.setString(i + 1, parameters.get(i));
            }
            if (!statement.isQuery()) {
                return new Outcome(null, s.executeUpdate(), false, "");
            }
            try (ResultSet r = s.executeQuery()) {
                List<String> rows = new ArrayList<>();
                ResultSetMetaData meta = r.getMetaData();
                StringBuilder head = new StringBuilder();
                for (int i = 1; i <= meta.getColumnCount(); i++) {
                    head.append(meta.getColumnLabel(i).toLowerCase(java.util.Locale.ROOT))
                            .append('|');
                }
                while (r.next()) {
                    StringBuilder row = new StringBuilder();
                    for (int i = 1; i <= meta.getColumnCount(); i++) {
                        row.append(r.getString(i)).append('|');
                    }
                    rows.add(row.toString());
                }
                if (!statement.isOrdered()) {
                    rows.sort(null);
                }
                rows.add(0, head.toString());
                return new Outcome(rows, 0, false, "");
            }
        } catch (SQLException e) {
            return new Outcome(null, 0, true, e.getErrorCode() + " " + e.getMessage());
        }
    }

    @Override
    public void close() throws SQLException {
        plain.close();
        changing.close();
    }
}

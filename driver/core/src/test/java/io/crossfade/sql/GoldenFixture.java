package io.crossfade.sql;

import io.crossfade.dialect.MySqlDialect;
import io.crossfade.dialect.SqlMode;
import io.crossfade.model.Change;
import io.crossfade.model.ChangeFile;
import io.crossfade.model.Column;
import io.crossfade.model.Direction;
import io.crossfade.model.Mapping;
import io.crossfade.model.NewColumn;
import io.crossfade.model.Stage;
import io.crossfade.model.Table;
import io.crossfade.model.TableName;
import io.crossfade.state.ChangeState;
import io.crossfade.state.Snapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The tables and changes that golden cases speak of. */
final class GoldenFixture {

    static final TableName ORDERS = new TableName("shop", "orders");

    /** As the CREATE TABLE below. */
    static final Table BEFORE = new Table(
            ORDERS,
            List.of(
                    new Column("id", "bigint", false, null, null, null, false, false, true, false, ""),
                    text("status", "varchar(20)", false, "'new'"),
                    text("name", "varchar(100)", true, null),
                    text("age_str", "varchar(3)", true, null),
                    text("street", "varchar(60)", true, null),
                    text("city", "varchar(60)", true, null),
                    text("email", "varchar(100)", true, null),
                    new Column("total", "decimal(10,2)", true, null, null, null, false, false, false, false, ""),
                    new Column(
                            "made_at",
                            "datetime",
                            true,
                            "CURRENT_TIMESTAMP",
                            null,
                            null,
                            false,
                            false,
                            false,
                            false,
                            "")));

    static final Table CUSTOMERS = new Table(
            new TableName("shop", "customers"),
            List.of(
                    new Column("id", "bigint", false, null, null, null, false, false, true, false, ""),
                    text("title", "varchar(20)", true, null),
                    text("order_status", "varchar(20)", true, null)));

    private GoldenFixture() {}

    private static Column text(String name, String type, boolean nullable, String defaultSql) {
        return new Column(
                name, type, nullable, defaultSql, "utf8mb4", "utf8mb4_general_ci", false, false, false, false, "");
    }

    static Change change(String name) {
        try {
            return ChangeFile.parse(name, Files.readString(GoldenCase.FOLDER.resolve(name + ".yaml")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Snapshot snapshot(GoldenCase c) {
        ChangeState state = new ChangeState(
                change(c.change()),
                BEFORE,
                c.stage(),
                c.back() ? Direction.BACK : Direction.FORWARD,
                c.readsNew() ? 100 : 0);
        return new Snapshot(7, List.of(state));
    }

    static SessionView session(GoldenCase c) {
        return new SessionView("shop", SqlMode.DEFAULT, c.view(), c.readsNew() ? Set.of(c.change()) : Set.of());
    }

    /** The table as the catalog shows it at a stage. */
    static Table live(Change change, Stage stage) {
        List<Column> columns = new ArrayList<>(BEFORE.columns());
        if (stage == Stage.CONTRACT) {
            columns.removeIf(c -> change.ofOld(c.name()).isPresent());
        }
        if (stage != Stage.OFF) {
            for (Mapping mapping : change.mappings()) {
                for (NewColumn column : mapping.news()) {
                    Column old = mapping.isIdentity()
                            ? BEFORE.column(mapping.olds().get(0).name()).orElseThrow()
                            : Column.plain(column.name(), String.valueOf(column.type()));
                    columns.add(new Column(
                            column.name(),
                            old.type(),
                            true,
                            null,
                            old.charset(),
                            old.collation(),
                            false,
                            false,
                            false,
                            false,
                            ""));
                }
            }
        }
        return new Table(ORDERS, columns, List.of("id"));
    }

    static Rewriter rewriter(GoldenCase c, String version) {
        Change change = change(c.change());
        Catalog catalog = name -> name.isSame(ORDERS)
                ? Optional.of(live(change, c.stage()))
                : name.isSame(CUSTOMERS.name()) ? Optional.of(CUSTOMERS) : Optional.empty();
        return new Rewriter(MySqlDialect.of(version), catalog);
    }
}

package io.crossfade.migrator.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.dialect.MySqlDialect;
import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.model.TableName;
import java.util.List;
import org.junit.jupiter.api.Test;

class AlterTextTest {

    private static final Server SERVER = new Server(MySqlDialect.of("8.0.15"), true);
    private static final Server MARIA = new Server(MySqlDialect.of("11.4.5-MariaDB"), true);

    @Test
    void leadingAlterTableIsTakenOff() {
        assertThat(read("ALTER TABLE `shop`.`t` ADD a INT;").sql()).isEqualTo("ADD a INT");
        assertThat(read("alter table t add a int").sql()).isEqualTo("add a int");
    }

    @Test
    void anotherTableIsRefused() {
        refused("ALTER TABLE other ADD a INT", "names table");
    }

    @Test
    void commasInParenthesesAndStringsDivideNothing() {
        AlterText text = read("ADD a DECIMAL(10,2) DEFAULT 1 COMMENT 'x, DROP b', ADD INDEX i (a, b(10))");
        assertThat(text.clauses()).hasSize(2);
        assertThat(text.all(Clause.AddIndex.class).get(0).columns()).containsExactly("a", "b");
    }

    @Test
    void commentsAreNoPartOfIt() {
        assertThat(read("ADD a INT -- , DROP b\n").sql()).isEqualTo("ADD a INT");
        assertThat(read("/* c; */ ADD a INT, # x\n DROP b").clauses()).hasSize(2);
    }

    @Test
    void algorithmAndLockAreLeftOut() {
        assertThat(read("ADD a INT, ALGORITHM=COPY, LOCK = SHARED").sql()).isEqualTo("ADD a INT");
    }

    @Test
    void secondStatementIsRefused() {
        refused("ADD a INT; DROP TABLE t", "more than one statement");
    }

    @Test
    void openStringIsRefused() {
        refused("ADD a INT COMMENT 'x", "does not end");
    }

    @Test
    void renamesAreSeenInEachForm() {
        AlterText text =
                read("CHANGE COLUMN `a` b INT, CHANGE c d INT, RENAME COLUMN e TO f, CHANGE g G INT, MODIFY h INT");
        assertThat(text.renames().keySet()).containsExactly("a", "c", "e");
        assertThat(text.renames().get("e").to()).isEqualTo("f");
    }

    @Test
    void renameOfTheTableIsRefused() {
        refused("RENAME TO t2", "another name");
        refused("RENAME t2", "another name");
        refused("ADD a INT, RENAME AS t2", "another name");
    }

    @Test
    void renameOfAnIndexIsNone() {
        assertThat(read("RENAME INDEX a TO b").clauses().get(0)).isInstanceOf(Clause.Other.class);
    }

    @Test
    void severalColumnsInOneAddAreSeparateClauses() {
        List<Clause.AddColumn> added =
                read("ADD COLUMN (a INT DEFAULT (1), b VARCHAR(9) NOT NULL)").all(Clause.AddColumn.class);
        assertThat(added).extracting(Clause.AddColumn::column).containsExactly("a", "b");
        assertThat(added.get(1).definition()).isEqualTo("VARCHAR(9) NOT NULL");
    }

    @Test
    void keysAreToldFromColumns() {
        AlterText text = read(
                "ADD UNIQUE KEY u (a), ADD CONSTRAINT x PRIMARY KEY (id), ADD CONSTRAINT UNIQUE (b),"
                        + " ADD FULLTEXT f (c), ADD `index` INT, ADD vector VARCHAR(3), DROP PRIMARY KEY, DROP KEY k, DROP `key`");
        assertThat(text.all(Clause.AddIndex.class))
                .extracting(Clause.AddIndex::kind)
                .containsExactly("UNIQUE", "PRIMARY", "UNIQUE", "FULLTEXT");
        assertThat(text.all(Clause.AddColumn.class))
                .extracting(Clause.AddColumn::column)
                .containsExactly("index", "vector");
        assertThat(text.all(Clause.DropIndex.class))
                .extracting(Clause.DropIndex::index)
                .containsExactly("PRIMARY", "k");
        assertThat(text.drops("KEY")).isTrue();
    }

    @Test
    void foreignKeysAndChecksAreSeen() {
        AlterText text = read("ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id), DROP FOREIGN KEY `g`, DROP CHECK h");
        assertThat(text.has(Clause.AddForeignKey.class)).isTrue();
        assertThat(text.all(Clause.DropForeignKey.class).get(0).name()).isEqualTo("g");
        assertThat(text.all(Clause.NamedCheck.class).get(0).name()).isEqualTo("h");
    }

    @Test
    void optionsAndPartitionsStayInOnePiece() {
        AlterText text = read("ENGINE=InnoDB AUTO_INCREMENT=7 COMMENT='a, b', PARTITION BY HASH (id) PARTITIONS 4");
        assertThat(text.clauses()).hasSize(2);
        assertThat(text.all(Clause.Options.class).get(0).setsAutoIncrement()).isTrue();
        assertThat(read("ORDER BY a, b DESC").clauses()).hasSize(1);
    }

    @Test
    void whatActsOnRowsIsRefused() {
        refused("DROP PARTITION p0, p1", "acts on the rows");
        refused("TRUNCATE PARTITION p0", "acts on the rows");
        refused("DISCARD TABLESPACE", "acts on the rows");
        refused("EXCHANGE PARTITION p WITH TABLE x", "acts on the rows");
    }

    @Test
    void aTableThatBecomesAPartitionIsRefused() {
        refused("CONVERT TABLE other TO PARTITION p VALUES LESS THAN (9)", "acts on the rows");
        refused("CONVERT PARTITION p TO TABLE other", "acts on the rows");
    }

    @Test
    void partitionsBehindTheListStayInIt() {
        assertThat(read("ADD a INT, LOCK=NONE, ALGORITHM = COPY PARTITION BY HASH (id) PARTITIONS 4")
                        .sql())
                .isEqualTo("ADD a INT PARTITION BY HASH (id) PARTITIONS 4");
        assertThat(read("LOCK DEFAULT REMOVE PARTITIONING").sql()).isEqualTo("REMOVE PARTITIONING");
        assertThat(read("ADD a INT, DROP b REMOVE PARTITIONING").clauses()).hasSize(3);
        assertThat(read("ADD a INT, PARTITION BY HASH (id)").sql()).isEqualTo("ADD a INT, PARTITION BY HASH (id)");
        assertThat(read("ALGORITHM=COPY COMMENT='x'").sql()).isEqualTo("ALGORITHM=COPY COMMENT='x'");
    }

    @Test
    void mariaDbsWaitIsNoOption() {
        for (String head :
                List.of("WAIT 5 ", "NOWAIT ", "ALTER TABLE shop.t WAIT 5 ", "ALTER ONLINE TABLE t NOWAIT ")) {
            AlterText text = readMaria(head + "RENAME COLUMN a TO b, ADD c INT");
            assertThat(text.renames().keySet()).as(head).containsExactly("a");
            assertThat(text.sql()).as(head).isEqualTo("RENAME COLUMN a TO b, ADD c INT");
        }
        assertThatThrownBy(() -> readMaria("WAIT 5 EXCHANGE PARTITION p WITH TABLE other"))
                .hasMessageContaining("acts on the rows");
    }

    /** Whatever word may come before it on a server of tomorrow. */
    @Test
    void aVerbIsNotTakenForAnOption() {
        refused("WAIT 5 RENAME COLUMN a TO b", "not understood");
        refused("SOMEHOW EXCHANGE PARTITION p WITH TABLE other", "not understood");
        assertThat(read("COMMENT 'DROP b' ROW_FORMAT=DYNAMIC").clauses()).hasSize(1);
        refused("ALTER IGNORE TABLE t ADD UNIQUE (a)", "IGNORE leaves rows out");
    }

    @Test
    void indexesInOneAddAreClausesToo() {
        AlterText text = read("ADD (a INT, INDEX i (a, b), CONSTRAINT c CHECK (a > 0), UNIQUE (b)), DROP d");
        assertThat(text.all(Clause.AddIndex.class))
                .extracting(Clause.AddIndex::columns)
                .containsExactly(List.of("a", "b"), List.of("b"));
        assertThat(text.sql())
                .isEqualTo("ADD a INT, ADD INDEX i (a, b), ADD CONSTRAINT c CHECK (a > 0), ADD UNIQUE (b), DROP d");
        assertThat(readMaria("ADD COLUMN IF NOT EXISTS (a INT, b INT)").sql())
                .isEqualTo("ADD COLUMN IF NOT EXISTS a INT, ADD COLUMN IF NOT EXISTS b INT");
    }

    @Test
    void periodsAreToldFromColumns() {
        assertThat(read("ADD period INT, ADD system INT, DROP period, DROP system")
                        .clauses())
                .hasSize(4);
        for (String alter : List.of(
                "ADD PERIOD FOR p (a, b)",
                "ADD PERIOD IF NOT EXISTS FOR p (a, b)",
                "DROP PERIOD FOR p",
                "ADD SYSTEM VERSIONING",
                "DROP SYSTEM VERSIONING",
                "WITH SYSTEM VERSIONING")) {
            refused(alter, "periods of time");
        }
    }

    @Test
    void emptyAndNonsenseAreRefused() {
        refused("  ;", "empty");
        refused("ADD a INT,", "empty");
        refused("DROP", "not understood");
    }

    private static AlterText readMaria(String alter) {
        return AlterText.read(MARIA, new TableAlter(new TableName("shop", "t"), alter));
    }

    private static AlterText read(String alter) {
        return AlterText.read(SERVER, new TableAlter(new TableName("shop", "t"), alter));
    }

    private static void refused(String alter, String words) {
        assertThatThrownBy(() -> read(alter))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining(words);
    }
}

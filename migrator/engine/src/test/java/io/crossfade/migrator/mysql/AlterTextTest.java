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
    void emptyAndNonsenseAreRefused() {
        refused("  ;", "empty");
        refused("ADD a INT,", "empty");
        refused("DROP", "not understood");
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

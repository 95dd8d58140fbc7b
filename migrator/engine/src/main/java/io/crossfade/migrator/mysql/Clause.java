package io.crossfade.migrator.mysql;

import java.util.List;

/** One clause of an ALTER TABLE, as far as it matters which. Immutable. */
public sealed interface Clause {

    /** The clause as it was written, without comments. */
    String sql();

    /**
     * A column more.
     *
     * @param column its name
     * @param definition what stands behind the name: {@code INT NOT NULL DEFAULT 0 AFTER id}
     */
    record AddColumn(String sql, String column, String definition) implements Clause {}

    record DropColumn(String sql, String column) implements Clause {}

    /** CHANGE, MODIFY and RENAME COLUMN; MODIFY has the same name twice, RENAME COLUMN an empty definition. */
    record ChangeColumn(String sql, String from, String to, String definition) implements Clause {

        public boolean isRename() {
            return !from.equalsIgnoreCase(to);
        }
    }

    /** ALTER COLUMN: another default, another visibility. */
    record ColumnDefault(String sql, String column) implements Clause {}

    /**
     * An index more.
     *
     * @param kind {@code INDEX, UNIQUE, PRIMARY, FULLTEXT, SPATIAL} or {@code VECTOR}
     * @param columns the columns named in it; expressions are not among them
     */
    record AddIndex(String sql, String kind, List<String> columns) implements Clause {

        public AddIndex {
            columns = List.copyOf(columns);
        }

        public boolean isUnique() {
            return kind.equals("UNIQUE") || kind.equals("PRIMARY");
        }
    }

    /** DROP INDEX, and DROP PRIMARY KEY with the name PRIMARY. */
    record DropIndex(String sql, String index) implements Clause {}

    record AddForeignKey(String sql) implements Clause {}

    /**
     * DROP FOREIGN KEY.
     *
     * @param isNeeded whether it has to be there
     */
    record DropForeignKey(String sql, String name, boolean isNeeded) implements Clause {}

    record AddCheck(String sql) implements Clause {}

    /**
     * DROP CHECK, DROP CONSTRAINT, ALTER CHECK.
     *
     * @param name the constraint
     * @param nameAt where the name stands in {@link #sql}, with its quotes
     * @param isOfAnyKind whether it may be a key or a foreign key as well
     */
    record NamedCheck(String sql, String name, int nameAt, int nameEnd, boolean isOfAnyKind) implements Clause {}

    /** CONVERT TO CHARACTER SET. */
    record Convert(String sql) implements Clause {}

    /** Table options: ENGINE, ROW_FORMAT, COMMENT, AUTO_INCREMENT. */
    record Options(String sql, boolean setsAutoIncrement) implements Clause {}

    /** A division into partitions that every row can be copied into. */
    record Partitioning(String sql) implements Clause {}

    /** ALGORITHM, LOCK. */
    record Algorithm(String sql) implements Clause {}

    /** Anything else that only concerns the structure: RENAME INDEX, ORDER BY, FORCE. */
    record Other(String sql) implements Clause {}
}

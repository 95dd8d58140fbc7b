package io.crossfade.jdbc;

/** What a statement given as text does to its session, as far as the driver must know. */
sealed interface Effect {

    /** A transaction begins: BEGIN, START TRANSACTION, XA START. */
    record Begin() implements Effect {}

    /** The transaction ends: COMMIT, ROLLBACK, XA COMMIT. */
    record End(boolean chains) implements Effect {}

    /** SET autocommit. */
    record AutoCommit(boolean on) implements Effect {}

    /** USE. */
    record Use(String schema) implements Effect {}

    /** SET sql_mode, whatever to. */
    record ModeSet() implements Effect {}

    /** A table may look different now. */
    record Ddl() implements Effect {}
}

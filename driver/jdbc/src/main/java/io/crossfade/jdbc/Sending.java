package io.crossfade.jdbc;

import java.sql.SQLException;

/** Hands a statement as planned to the delegate. */
@FunctionalInterface
interface Sending<T> {
    T send(Plan plan) throws SQLException;
}

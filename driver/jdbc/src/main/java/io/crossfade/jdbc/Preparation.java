package io.crossfade.jdbc;

import java.sql.PreparedStatement;
import java.sql.SQLException;

/** How a prepared statement was asked for, so that it can be asked for again with another text. */
@FunctionalInterface
interface Preparation {
    PreparedStatement prepare(String sql) throws SQLException;
}

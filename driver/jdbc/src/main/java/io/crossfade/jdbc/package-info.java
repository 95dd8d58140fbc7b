/** The wrapping JDBC driver: rewrites statements of changing tables, and tells the migrator what it has under way. */
@NullMarked
package io.crossfade.jdbc;

import org.jspecify.annotations.NullMarked;

/** The server's row change log (binlog) as a sequence of events. */
@NullMarked
package io.crossfade.migrator.stream;

import org.jspecify.annotations.NullMarked;

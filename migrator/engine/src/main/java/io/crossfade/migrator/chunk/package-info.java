/** A table in pieces: primary keys, ranges of them, and how many rows a piece should have. */
@NullMarked
package io.crossfade.migrator.chunk;

import org.jspecify.annotations.NullMarked;

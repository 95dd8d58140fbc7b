/** Fills one side of a change from the other. */
@NullMarked
package io.crossfade.migrator.backfill;

import org.jspecify.annotations.NullMarked;

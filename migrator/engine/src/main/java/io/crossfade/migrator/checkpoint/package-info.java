/** Where a table change stands, kept beside the table. */
@NullMarked
package io.crossfade.migrator.checkpoint;

import org.jspecify.annotations.NullMarked;

/** One row as the change log gives it, and its way back into SQL. */
@NullMarked
package io.crossfade.migrator.row;

import org.jspecify.annotations.NullMarked;

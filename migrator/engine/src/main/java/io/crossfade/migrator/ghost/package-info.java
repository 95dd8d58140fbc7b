/** A table change: the source, its ghost, and which column becomes which. */
@NullMarked
package io.crossfade.migrator.ghost;

import org.jspecify.annotations.NullMarked;

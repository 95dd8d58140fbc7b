/** The runner of table changes, from the request to the swap, and back. */
@NullMarked
package io.crossfade.migrator.alter;

import org.jspecify.annotations.NullMarked;

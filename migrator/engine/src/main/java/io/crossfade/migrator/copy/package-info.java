/** The source's rows put into the ghost table, chunk by chunk. */
@NullMarked
package io.crossfade.migrator.copy;

import org.jspecify.annotations.NullMarked;

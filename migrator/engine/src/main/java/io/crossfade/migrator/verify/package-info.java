/** Compares the two sides of every row. */
@NullMarked
package io.crossfade.migrator.verify;

import org.jspecify.annotations.NullMarked;

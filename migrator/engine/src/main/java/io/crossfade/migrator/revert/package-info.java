/** The way back: what was written to the new table since the cut-over is carried into the old one. */
@NullMarked
package io.crossfade.migrator.revert;

import org.jspecify.annotations.NullMarked;

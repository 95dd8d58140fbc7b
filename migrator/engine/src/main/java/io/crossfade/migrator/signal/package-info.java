/** How a run talks with whoever started it: progress out, the wish to stop in, and the ways a run may end. */
@NullMarked
package io.crossfade.migrator.signal;

import org.jspecify.annotations.NullMarked;

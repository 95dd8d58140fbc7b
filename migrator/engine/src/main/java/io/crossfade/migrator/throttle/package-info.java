/** Reasons to wait before the next chunk. */
@NullMarked
package io.crossfade.migrator.throttle;

import org.jspecify.annotations.NullMarked;

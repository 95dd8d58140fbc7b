/** Going through a whole table chunk by chunk, paced, resumable. */
@NullMarked
package io.crossfade.migrator.walk;

import org.jspecify.annotations.NullMarked;

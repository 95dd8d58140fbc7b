/** Ghost and source exchange their names. */
@NullMarked
package io.crossfade.migrator.gate;

import org.jspecify.annotations.NullMarked;

/** Ghost and source exchange their names. */
@NullMarked
package io.crossfade.migrator.cutover;

import org.jspecify.annotations.NullMarked;

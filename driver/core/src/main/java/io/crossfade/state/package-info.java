/** The control state: its tables, its snapshot, and the compare-and-set moves on it. */
@NullMarked
package io.crossfade.state;

import org.jspecify.annotations.NullMarked;

/** The read preference: which share of reads goes to the new side, and how sources of flags spell it. */
@NullMarked
package io.crossfade.flag;

import org.jspecify.annotations.NullMarked;

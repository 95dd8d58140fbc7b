/** The read preference: which share of reads goes to the new side. */
@NullMarked
package io.crossfade.flag;

import org.jspecify.annotations.NullMarked;

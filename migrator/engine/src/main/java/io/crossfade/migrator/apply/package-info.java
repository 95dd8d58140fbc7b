/** Row images put into the ghost table, in an order in which none is lost. */
@NullMarked
package io.crossfade.migrator.apply;

import org.jspecify.annotations.NullMarked;

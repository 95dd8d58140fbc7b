/** A database server in memory, for simulations. */
@NullMarked
package io.crossfade.simulator.model;

import org.jspecify.annotations.NullMarked;

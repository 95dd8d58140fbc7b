/** The seeded simulation of the protocol between driver and migrator. */
@NullMarked
package io.crossfade.simulator;

import org.jspecify.annotations.NullMarked;

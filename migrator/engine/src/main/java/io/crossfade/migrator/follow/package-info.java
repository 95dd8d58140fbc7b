/** Following the change log of a changing table, for writers without the driver: what they wrote is found, mended and counted. */
@NullMarked
package io.crossfade.migrator.follow;

import org.jspecify.annotations.NullMarked;

/** One backfill done in three ways beside an application, timed. */
@NullMarked
package io.crossfade.samples.shop.race;

import org.jspecify.annotations.NullMarked;

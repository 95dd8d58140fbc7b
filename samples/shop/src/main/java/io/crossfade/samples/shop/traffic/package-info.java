/** Clerks that work in the shop, remember what they were told, and notice whatever is lost. */
@NullMarked
package io.crossfade.samples.shop.traffic;

import org.jspecify.annotations.NullMarked;

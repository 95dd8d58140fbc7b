/** The demo: a shop under traffic, the real migrator, and a verdict. */
@NullMarked
package io.crossfade.samples.shop;

import org.jspecify.annotations.NullMarked;

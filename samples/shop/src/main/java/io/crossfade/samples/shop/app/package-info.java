/** The shop itself, as its owner wrote it: nothing here knows Crossfade, but for the JDBC URL. */
@NullMarked
package io.crossfade.samples.shop.app;

import org.jspecify.annotations.NullMarked;

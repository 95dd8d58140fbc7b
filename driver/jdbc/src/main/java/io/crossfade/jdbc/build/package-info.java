/** Weaves the forwarding methods into the proxies when the module is built. Not in the jar. */
@NullMarked
package io.crossfade.jdbc.build;

import org.jspecify.annotations.NullMarked;

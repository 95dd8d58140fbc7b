/** Which way a table change goes: at once, in place, or by a ghost; the server itself is asked. */
@NullMarked
package io.crossfade.migrator.route;

import org.jspecify.annotations.NullMarked;

/** A session on the server that comes back by itself. */
@NullMarked
package io.crossfade.migrator.session;

import org.jspecify.annotations.NullMarked;

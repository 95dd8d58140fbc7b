/** How the migrator waits for clients: for those it hears, by their word; for those it does not, by ending their sessions. */
@NullMarked
package io.crossfade.migrator.fence;

import org.jspecify.annotations.NullMarked;

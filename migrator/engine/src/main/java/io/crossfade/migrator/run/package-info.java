/** The runner: a change from its file to its end, one stage at a time. */
@NullMarked
package io.crossfade.migrator.run;

import org.jspecify.annotations.NullMarked;

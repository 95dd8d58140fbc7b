/** What is looked at before anything is changed; one file per check. */
@NullMarked
package io.crossfade.migrator.check;

import org.jspecify.annotations.NullMarked;

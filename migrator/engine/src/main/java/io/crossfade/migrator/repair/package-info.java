/** The SQL that finds the rows whose two sides disagree and mends them. */
@NullMarked
package io.crossfade.migrator.repair;

import org.jspecify.annotations.NullMarked;

/** What an ALTER would do to the rows that are there, and to whatever uses its columns. */
@NullMarked
package io.crossfade.migrator.lint;

import org.jspecify.annotations.NullMarked;

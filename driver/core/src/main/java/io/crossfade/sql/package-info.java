/** Statements in, statements out: the rewriting pipeline. */
@NullMarked
package io.crossfade.sql;

import org.jspecify.annotations.NullMarked;

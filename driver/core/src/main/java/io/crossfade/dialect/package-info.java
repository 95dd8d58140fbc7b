/** What differs between servers: lexing, quoting, casting, comparing, and the one rendering of up and down expressions. */
@NullMarked
package io.crossfade.dialect;

import org.jspecify.annotations.NullMarked;

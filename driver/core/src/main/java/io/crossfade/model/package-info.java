/** Changes, mappings, stages and tables: the nouns that every other package speaks of. Imports nothing of ours. */
@NullMarked
package io.crossfade.model;

import org.jspecify.annotations.NullMarked;

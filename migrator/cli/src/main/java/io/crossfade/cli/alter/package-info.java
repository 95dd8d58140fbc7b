/** The flags of {@code crossfade alter}, and what becomes of them. */
@NullMarked
package io.crossfade.cli.alter;

import org.jspecify.annotations.NullMarked;

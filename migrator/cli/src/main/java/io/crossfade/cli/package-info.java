/** The {@code crossfade} command: options in, progress out, exit codes. What it does is the engine's. */
@NullMarked
package io.crossfade.cli;

import org.jspecify.annotations.NullMarked;

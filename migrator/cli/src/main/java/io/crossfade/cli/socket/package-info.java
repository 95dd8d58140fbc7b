/** The sockets of the command's sessions. */
@NullMarked
package io.crossfade.cli.socket;

import org.jspecify.annotations.NullMarked;

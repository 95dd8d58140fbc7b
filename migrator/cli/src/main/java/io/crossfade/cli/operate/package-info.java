/** The operator's view of a table change at work: the status line, the socket, numbers for a collector. */
@NullMarked
package io.crossfade.cli.operate;

import org.jspecify.annotations.NullMarked;

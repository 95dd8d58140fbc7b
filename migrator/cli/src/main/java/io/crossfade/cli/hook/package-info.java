/** Programs of the operator that run at certain places of a table change. */
@NullMarked
package io.crossfade.cli.hook;

import org.jspecify.annotations.NullMarked;

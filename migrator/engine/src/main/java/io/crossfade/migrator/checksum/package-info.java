/** Source and ghost compared; the gate before the cut-over. */
@NullMarked
package io.crossfade.migrator.checksum;

import org.jspecify.annotations.NullMarked;

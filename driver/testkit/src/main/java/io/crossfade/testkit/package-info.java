/** Real servers for tests and demonstrations, and fakes. */
@NullMarked
package io.crossfade.testkit;

import org.jspecify.annotations.NullMarked;

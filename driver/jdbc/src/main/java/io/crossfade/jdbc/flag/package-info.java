/** Where shares of reads come from besides the control table: a file, a flag service, the application's own flags. */
@NullMarked
package io.crossfade.jdbc.flag;

import org.jspecify.annotations.NullMarked;

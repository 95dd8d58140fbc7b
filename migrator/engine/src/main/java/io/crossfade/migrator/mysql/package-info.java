/** What MySQL and MariaDB servers can do, what their catalogs say, and the DDL that changes are made of. */
@NullMarked
package io.crossfade.migrator.mysql;

import org.jspecify.annotations.NullMarked;

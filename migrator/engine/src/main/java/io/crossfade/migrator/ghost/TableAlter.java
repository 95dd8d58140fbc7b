package io.crossfade.migrator.ghost;

import io.crossfade.model.TableName;

/**
 * One table and what is to become of it. Immutable.
 *
 * @param alter what stands behind {@code ALTER TABLE t}: {@code ADD COLUMN note INT NOT NULL DEFAULT 0}
 */
public record TableAlter(TableName table, String alter) {}

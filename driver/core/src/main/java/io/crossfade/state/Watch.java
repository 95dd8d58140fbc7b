package io.crossfade.state;

import io.crossfade.model.TableName;
import java.time.Duration;

/**
 * A table whose statements clients are to measure while the migrator works on it. Immutable.
 *
 * @param id the watch's id; a run that works on several tables has one watch
 * @param table the table
 * @param turn grows with each change of the limit
 * @param limit what takes longer is counted as slow
 * @param pace how often a client tells what it has measured
 */
public record Watch(String id, TableName table, long turn, Duration limit, Duration pace) {}

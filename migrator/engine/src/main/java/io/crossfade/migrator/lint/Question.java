package io.crossfade.migrator.lint;

/**
 * A question about each row of the source. Immutable.
 *
 * @param condition SQL that is true for a row that suffers
 * @param seen what such rows have, to stand behind their number: {@code have a "price" that DECIMAL(4,2) cannot hold}
 */
record Question(String condition, String seen, String todo) {}

package io.crossfade.model;

import org.jspecify.annotations.Nullable;

/**
 * A column on the new side of a mapping.
 *
 * @param name the column
 * @param type its SQL type as written in DDL, such as {@code VARCHAR(80)}; null in a rename, which takes the old
 *     column's
 * @param up what gives its value from the old columns; null for an added column without one
 * @param index whether the new column gets an index of its own
 */
public record NewColumn(String name, @Nullable String type, @Nullable Expression up, boolean index) {}

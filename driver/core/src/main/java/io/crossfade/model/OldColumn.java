package io.crossfade.model;

import org.jspecify.annotations.Nullable;

/**
 * A column on the old side of a mapping.
 *
 * @param name the column
 * @param down what gives its value from the new columns; null where the column is only read (derive), where nothing is
 *     ever computed back
 */
public record OldColumn(String name, @Nullable Expression down) {}

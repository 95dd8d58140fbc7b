package io.crossfade.simulator.model;

import org.jspecify.annotations.Nullable;

/** What an expression is evaluated in: a row or two that were joined, the parameters, the time. One thread at a time. */
final class Scope {
    final @Nullable Object[] parameters;
    final long nowMicros;

    @Nullable
    ModelTable table;

    @Nullable
    Object[] row = new Object[0];

    String alias = "";

    @Nullable
    ModelTable joined;

    @Nullable
    Object[] joinedRow = new Object[0];

    String joinedAlias = "";

    @Nullable
    Object[] offered = new Object[0];

    Scope(@Nullable Object[] parameters, long nowMicros) {
        this.parameters = parameters;
        this.nowMicros = nowMicros;
    }

    @Nullable
    Object column(String qualifier, String name) {
        ModelTable first = table;
        ModelTable second = joined;
        if (first != null && (qualifier.isEmpty() || qualifier.equals(alias) || qualifier.equals(first.name()))) {
            int i = first.indexOf(name);
            if (i >= 0) {
                return row[i];
            }
        }
        if (second != null
                && (qualifier.isEmpty() || qualifier.equals(joinedAlias) || qualifier.equals(second.name()))) {
            int i = second.indexOf(name);
            if (i >= 0) {
                return joinedRow.length == 0 ? null : joinedRow[i];
            }
        }
        throw new ModelException(1054, "42S22", "Unknown column '" + name + "'");
    }

    @Nullable
    Object offered(String name) {
        ModelTable first = table;
        int i = first == null ? -1 : first.indexOf(name);
        if (i < 0) {
            throw new ModelException(1054, "42S22", "Unknown column '" + name + "' in VALUES()");
        }
        return offered[i];
    }
}

package io.crossfade.model;

/** One of the two sides of a column change; also the version of the table that an application was written for. */
public enum Side {
    OLD,
    NEW;

    public Side other() {
        return this == OLD ? NEW : OLD;
    }
}

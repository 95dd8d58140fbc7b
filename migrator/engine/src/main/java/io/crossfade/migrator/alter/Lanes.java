package io.crossfade.migrator.alter;

import io.crossfade.migrator.session.Lane;
import java.util.ArrayList;
import java.util.List;

/** The sessions of a run, closed together. One thread at a time. */
final class Lanes implements AutoCloseable {
    private final List<Lane> lanes = new ArrayList<>();

    Lane add(Lane lane) {
        lanes.add(lane);
        return lane;
    }

    @Override
    public void close() {
        lanes.forEach(Lane::close);
    }
}

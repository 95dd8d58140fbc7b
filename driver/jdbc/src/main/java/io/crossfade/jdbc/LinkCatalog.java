package io.crossfade.jdbc;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.crossfade.model.Table;
import io.crossfade.model.TableName;
import io.crossfade.sql.Catalog;
import java.sql.SQLException;
import java.util.Optional;

/** The server's tables, each read once in an epoch. A table that is not there is asked for again. Safe for many threads. */
final class LinkCatalog implements Catalog {

    /** Tables named together with changing ones, over the last epochs. Judged, not measured. */
    private static final long TABLES_MAX = 1000;

    private record Key(String table, long epoch) {}

    private final ControlState state;
    private final ControlPoll poll;
    private final Cache<Key, Table> tables =
            Caffeine.newBuilder().maximumSize(TABLES_MAX).build();

    LinkCatalog(ControlState state, ControlPoll poll) {
        this.state = state;
        this.poll = poll;
    }

    @Override
    public Optional<Table> table(TableName name) {
        Key key = new Key(name.key(), state.current().epoch());
        Table known = tables.getIfPresent(key);
        if (known != null) {
            return Optional.of(known);
        }
        try {
            Optional<Table> read = poll.readTable(name);
            read.ifPresent(table -> tables.put(key, table));
            return read;
        } catch (SQLException e) {
            throw new CatalogException(e);
        }
    }

    void forget() {
        tables.invalidateAll();
    }
}

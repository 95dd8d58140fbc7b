package io.crossfade.migrator.stream;

import io.crossfade.migrator.mysql.Server;
import io.crossfade.migrator.row.Bytes;
import io.crossfade.migrator.row.RowDecoder;
import io.crossfade.model.Table;
import io.crossfade.model.TableName;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tables whose rows are wanted, and the numbers under which the log speaks of them. Other tables' events are known by
 * their number alone and cost nothing more.
 *
 * <p>Confined to the reader's thread.
 */
final class Watched {
    private final Server server;
    private final List<Named> tables = new ArrayList<>();
    private final Map<Long, Mapped> byId = new HashMap<>();
    private long lastId = -1;
    private @Nullable Mapped last;

    /** A table under the number that the log gives it for a while. */
    record Mapped(TableName name, RowDecoder decoder) {}

    private record Named(Table table, int nameBytes) {}

    Watched(Server server, Collection<Table> tables) {
        this.server = server;
        for (Table table : tables) {
            this.tables.add(new Named(
                    table, bytes(table.name().schema()) + bytes(table.name().table())));
        }
    }

    /** A new file or a new connection: the numbers begin anew. */
    void forget() {
        byId.clear();
        lastId = -1;
    }

    /** Takes in a table map event; throws {@link IllegalArgumentException} where a watched table's rows cannot be read. */
    void map(Bytes event) {
        long id = event.little(6);
        event.skip(2);
        lastId = -1;
        int schemaBytes = event.u8();
        int schemaStart = event.position();
        event.skip(schemaBytes + 1);
        int tableBytes = event.u8();
        if (tables.stream().noneMatch(t -> t.nameBytes() == schemaBytes + tableBytes)) {
            byId.remove(id);
            return;
        }
        TableName name = new TableName(event.textAt(schemaStart, schemaBytes), event.text(tableBytes));
        event.skip(1);
        byId.remove(id);
        for (Named named : tables) {
            if (server.isSame(named.table().name(), name)) {
                byId.put(id, new Mapped(named.table().name(), decoder(named.table(), event)));
            }
        }
    }

    /** The table of a number; null where it is not watched. */
    @Nullable
    Mapped of(long id) {
        if (id != lastId) {
            last = byId.get(id);
            lastId = id;
        }
        return last;
    }

    List<TableName> names() {
        return tables.stream().map(n -> n.table().name()).toList();
    }

    private static RowDecoder decoder(Table table, Bytes event) {
        try {
            return RowDecoder.of(table, event);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("rows of " + table.name() + ": " + e.getMessage(), e);
        }
    }

    private static int bytes(String name) {
        return name.getBytes(StandardCharsets.UTF_8).length;
    }
}

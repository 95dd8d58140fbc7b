package io.crossfade.migrator.alter;

import io.crossfade.migrator.chunk.Key;
import io.crossfade.migrator.chunk.KeyColumn;
import io.crossfade.migrator.chunk.KeyOrder;
import io.crossfade.model.Column;
import io.crossfade.model.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the order of a table's key. */
final class KeyOrders {
    private static final Pattern LENGTH = Pattern.compile("\\((\\d+)\\)");

    private KeyOrders() {}

    static KeyOrder of(Table table, Key key) {
        List<String> collations = new ArrayList<>();
        List<Integer> lengths = new ArrayList<>();
        for (KeyColumn keyColumn : key.columns()) {
            Column column = table.column(keyColumn.name()).orElseThrow();
            String collation = column.collation() == null ? "" : column.collation();
            collations.add(collation);
            lengths.add(pads(collation) ? length(column) : 0);
        }
        return KeyOrder.of(key, collations, lengths);
    }

    /** MySQL's 0900 family and MariaDB's nopad family take a blank at the end for a character like others. */
    private static boolean pads(String collation) {
        return !collation.contains("_0900_") && !collation.contains("nopad") && !collation.equals("binary");
    }

    private static int length(Column column) {
        Matcher matcher = LENGTH.matcher(column.type());
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
    }
}

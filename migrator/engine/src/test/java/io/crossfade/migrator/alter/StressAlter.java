package io.crossfade.migrator.alter;

import io.crossfade.testkit.SeededRandom;
import io.crossfade.testkit.ServerKind;
import java.util.ArrayList;
import java.util.List;

/** A random ALTER of a table that writers need not know of: what they write is valid before and after. */
final class StressAlter {
    private final SeededRandom random;
    private final StressTable table;
    private final ServerKind server;
    private final List<String> clauses = new ArrayList<>();

    private StressAlter(SeededRandom random, StressTable table, ServerKind server) {
        this.random = random;
        this.table = table;
        this.server = server;
    }

    static String any(SeededRandom random, StressTable table, ServerKind server) {
        StressAlter alter = new StressAlter(random, table, server);
        while (alter.clauses.isEmpty()) {
            alter.columns();
            alter.spares();
            alter.additions();
            alter.table();
        }
        return String.join(", ", alter.clauses);
    }

    private void columns() {
        for (StressTable.Written column : table.written()) {
            if (!random.chance(35)) {
                continue;
            }
            List<String> wider = column.kind().wider().stream()
                    .filter(t ->
                            !column.isIndexed() || StressKind.of(t, r -> "").isIndexable())
                    .filter(t -> !isZoned(column.kind().type(), t))
                    .toList();
            if (!wider.isEmpty() && random.chance(80)) {
                clauses.add("MODIFY COLUMN " + column.definition(random.pick(wider)) + place());
            } else if (random.chance(50)) {
                clauses.add("MODIFY COLUMN " + column.definition(column.kind().type()) + place());
            } else if (!column.mayBeNull()) {
                StressTable.Written nullable =
                        new StressTable.Written(column.name(), column.kind(), true, column.isIndexed());
                clauses.add("MODIFY COLUMN " + nullable.definition(column.kind().type()));
            }
        }
        if (!table.key().wider().isEmpty() && random.chance(20)) {
            clauses.add("MODIFY COLUMN k1 " + table.key().wider() + " NOT NULL AUTO_INCREMENT");
        }
    }

    /** A key with a TIMESTAMP, and a conversion in the server's zone: refused, and so of no use here. */
    private boolean isZoned(String from, String to) {
        return table.key().types().contains("TIMESTAMP") && from.startsWith("TIMESTAMP") && !to.startsWith("TIMESTAMP");
    }

    private String place() {
        return random.chance(60) ? "" : random.chance(30) ? " FIRST" : " AFTER k1";
    }

    private void spares() {
        boolean isGenerated = table.spare().stream().anyMatch(s -> s.startsWith("g "));
        if (!isGenerated && random.chance(30)) {
            clauses.add(random.pick(
                    "DROP COLUMN d1",
                    "CHANGE COLUMN d1 r1 BIGINT NULL DEFAULT 5",
                    "ALTER COLUMN d1 SET DEFAULT 5",
                    "MODIFY COLUMN d1 INT NOT NULL DEFAULT 5"));
        } else if (isGenerated && random.chance(30)) {
            clauses.add("DROP COLUMN g");
        }
        if (random.chance(30)) {
            clauses.add(random.pick(
                    "DROP COLUMN d2",
                    "CHANGE COLUMN d2 r2 VARCHAR(30) CHARACTER SET utf8mb4 NOT NULL DEFAULT 'd'",
                    "MODIFY COLUMN d2 VARCHAR(60) CHARACTER SET latin1 NULL DEFAULT 'd'"));
        }
    }

    private void additions() {
        if (random.chance(30)) {
            clauses.add("ADD COLUMN n1 INT NOT NULL DEFAULT 7" + place());
        }
        if (random.chance(20)) {
            clauses.add("ADD COLUMN n2 VARCHAR(20) CHARACTER SET utf8mb4 NULL");
        }
        if (random.chance(20)) {
            clauses.add("ADD COLUMN n3 DATETIME(3) NOT NULL DEFAULT '2001-01-01 00:00:00.125'" + place());
        }
        read();
        if (random.chance(25)) {
            clauses.add("ADD COLUMN n5 INT AS (" + random.pick("LENGTH(c1)", "c2 IS NULL") + ") "
                    + random.pick("VIRTUAL", "STORED"));
        }
        if (random.chance(25)) {
            clauses.add("ADD INDEX j1 ("
                    + table.written().stream()
                            .filter(c -> c.kind().isIndexable()
                                    && clauses.stream().noneMatch(t -> t.contains(c.name() + " ")))
                            .map(c -> c.name() + ", k1")
                            .findFirst()
                            .orElse("k1")
                    + ")");
        }
        if (table.hasUnique() && random.chance(20)) {
            clauses.add("ADD UNIQUE KEY uk (u, k1)");
        }
        if (!table.indexes().isEmpty() && random.chance(20)) {
            clauses.add("DROP INDEX " + table.indexes().get(0).split(" ")[1]);
        }
    }

    /** What the server's sql_mode has a say in. */
    private void read() {
        if (random.chance(20)) {
            clauses.add("ADD COLUMN n4 REAL NULL DEFAULT 0.1");
        }
        if (random.chance(20)) {
            clauses.add("ADD COLUMN n6 VARCHAR(20) CHARACTER SET utf8mb4 NULL DEFAULT "
                    + random.pick("'a\\\\b'", "\"a\\\\b\"", "''"));
        }
        if (random.chance(20)) {
            clauses.add("ADD COLUMN n7 VARCHAR(40) AS ((c1 IS NULL) || 1) " + random.pick("VIRTUAL", "STORED"));
        }
        if (random.chance(20)) {
            clauses.add("ADD COLUMN n8 INT AS (NOT (c2 IS NULL) BETWEEN -5 AND 5) STORED");
        }
    }

    private void table() {
        if (table.keyIsPrimary() && random.chance(10)) {
            clauses.add("DROP PRIMARY KEY, ADD PRIMARY KEY ("
                    + table.directed(table.directions().stream()
                            .map(d -> random.pick("", " DESC"))
                            .toList())
                    + ")");
        }
        if (random.chance(20)) {
            clauses.add(
                    random.pick("ENGINE=InnoDB", "ROW_FORMAT=DYNAMIC", "ROW_FORMAT=COMPRESSED", "ROW_FORMAT=COMPACT"));
        }
        if (random.chance(10)) {
            clauses.add("COMMENT='" + server.label() + "'");
        }
    }
}

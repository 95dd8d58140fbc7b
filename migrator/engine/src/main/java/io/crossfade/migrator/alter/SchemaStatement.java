package io.crossfade.migrator.alter;

import io.crossfade.dialect.SqlMode;
import io.crossfade.dialect.Tokens;
import io.crossfade.migrator.mysql.Server;
import io.crossfade.model.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A statement of the change log that changes a schema, and which tables it changes: {@code ALTER TABLE other ADD COLUMN t INT} does
 * not change a table {@code t}. Immutable.
 *
 * @param server whose statement it is: it knows whether {@code T} is {@code t}
 * @param verb its first word: {@code ALTER}
 * @param tables the tables that it changes, or that a foreign key which it makes points at
 * @param droppedSchema the database that it drops; empty where it drops none
 */
record SchemaStatement(Server server, String verb, List<TableName> tables, String droppedSchema) {

    SchemaStatement {
        tables = List.copyOf(tables);
    }

    static SchemaStatement read(Server server, String schema, String sql) {
        return new Reading(server, schema, sql).statement();
    }

    boolean changes(TableName table) {
        return server.isSame(droppedSchema, table.schema()) || tables.stream().anyMatch(t -> server.isSame(t, table));
    }

    /** Reads the tokens from left to right. Confined to its call. */
    private static final class Reading {
        private static final List<String> WITHOUT_TABLE = List.of("VIEW", "PROCEDURE", "FUNCTION", "EVENT", "PACKAGE");

        private final Server server;
        private final Tokens tokens;
        private final String schema;
        private final List<TableName> tables = new ArrayList<>();
        private String dropped = "";
        private int at;

        private Reading(Server server, String schema, String sql) {
            this.server = server;
            this.tokens = server.dialect().lex(sql, SqlMode.DEFAULT);
            this.schema = schema;
        }

        private SchemaStatement statement() {
            String verb = tokens.size() == 0 ? "" : tokens.text(0).toUpperCase(Locale.ROOT);
            at = 1;
            switch (verb) {
                case "ALTER", "CREATE" -> defined();
                case "DROP" -> dropped();
                case "TRUNCATE" -> {
                    skip("TABLE");
                    name();
                }
                case "RENAME" -> renamed();
                default -> {}
            }
            return new SchemaStatement(server, verb, tables, dropped);
        }

        /** {@code [words] TABLE name …}, {@code [words] INDEX … ON name}, {@code [words] TRIGGER … ON name}. */
        private void defined() {
            boolean isTemporary = false;
            for (; at < tokens.size(); at++) {
                isTemporary |= tokens.isWord(at, "TEMPORARY");
                if (tokens.isWord(at, "TABLE")) {
                    at++;
                    skip("IF", "NOT", "EXISTS");
                    if (!isTemporary) {
                        name();
                    }
                    referenced();
                    return;
                }
                if (tokens.isWord(at, "INDEX") || tokens.isWord(at, "TRIGGER")) {
                    behindOn();
                    return;
                }
                // What stands in the body of these is not done now.
                if (WITHOUT_TABLE.stream().anyMatch(word -> tokens.isWord(at, word))) {
                    return;
                }
            }
        }

        private void dropped() {
            if (tokens.isWord(at, "DATABASE") || tokens.isWord(at, "SCHEMA")) {
                at++;
                skip("IF", "EXISTS");
                dropped = tokens.isName(at) ? tokens.name(at) : "";
            } else if (tokens.isWord(at, "INDEX")) {
                behindOn();
            } else if (tokens.isWord(at, "TABLE") || tokens.isWord(at, "TABLES")) {
                at++;
                skip("IF", "EXISTS");
                while (name() && tokens.isSymbol(at, ',')) {
                    at++;
                }
            }
        }

        private void renamed() {
            skip("TABLE", "TABLES", "IF", "EXISTS");
            while (at < tokens.size()) {
                if (!name()) {
                    return;
                }
                while (at < tokens.size() && !tokens.isWord(at, "TO") && !tokens.isSymbol(at, ',')) {
                    at++;
                }
                at++;
            }
        }

        private void behindOn() {
            while (at < tokens.size() && !tokens.isWord(at, "ON")) {
                at++;
            }
            at++;
            name();
        }

        private void referenced() {
            for (; at < tokens.size(); at++) {
                if (tokens.isWord(at, "REFERENCES")) {
                    at++;
                    name();
                }
            }
        }

        private void skip(String... words) {
            for (String word : words) {
                if (tokens.isWord(at, word)) {
                    at++;
                }
            }
        }

        private boolean name() {
            if (!tokens.isName(at)) {
                return false;
            }
            boolean isQualified = tokens.isSymbol(at + 1, '.') && tokens.isName(at + 2);
            tables.add(
                    isQualified
                            ? new TableName(tokens.name(at), tokens.name(at + 2))
                            : new TableName(schema, tokens.name(at)));
            at += isQualified ? 3 : 1;
            return true;
        }
    }
}

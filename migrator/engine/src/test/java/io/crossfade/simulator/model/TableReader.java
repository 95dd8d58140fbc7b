package io.crossfade.simulator.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads CREATE TABLE, a column or a key a line, and the ALTERs of a column change. */
final class TableReader {
    private static final Map<String, Made> READ = new ConcurrentHashMap<>();
    private static final Pattern CREATE =
            Pattern.compile("CREATE TABLE IF NOT EXISTS (\\w+) \\(\\n(.*)\\n\\s*\\).*", Pattern.DOTALL);
    private static final Pattern KEY = Pattern.compile("PRIMARY KEY \\(([^)]*)\\)");
    private static final Pattern ALTER = Pattern.compile("ALTER TABLE (?:`\\w+`\\.)?`(\\w+)` (.*)", Pattern.DOTALL);
    private static final Pattern ADD = Pattern.compile("ADD COLUMN `(\\w+)` (.*?)( NULL.*)?");
    private static final Pattern DROP = Pattern.compile("DROP COLUMN `(\\w+)`");
    private static final Pattern SHOW = Pattern.compile("ALTER COLUMN `(\\w+)` SET VISIBLE");

    private record Made(String name, List<ModelTable.Column> columns, List<String> key) {}

    /** An ALTER: the table, and what is done to it. */
    record Alter(String table, Consumer<ModelTable> change) {}

    private TableReader() {}

    static ModelTable read(String sql) {
        Made made = READ.computeIfAbsent(sql, TableReader::made);
        return new ModelTable(made.name(), made.columns(), made.key());
    }

    private static Made made(String sql) {
        Matcher create = CREATE.matcher(sql);
        if (!create.matches()) {
            throw new IllegalStateException("the model server does not read this: " + sql);
        }
        List<ModelTable.Column> columns = new ArrayList<>();
        List<String> key = new ArrayList<>();
        for (String line : create.group(2).lines().map(String::strip).toList()) {
            String[] words = line.replaceAll(",$", "").split(" ", 3);
            Matcher primary = KEY.matcher(line);
            if (primary.find()) {
                key.addAll(List.of(primary.group(1).split(",\\s*")));
            } else if (!words[0].equals("KEY") && !words[0].equals("INDEX") && !words[0].equals("UNIQUE")) {
                String rest = words.length > 2 ? words[2] : "";
                columns.add(column(words[0], words[1], rest));
                if (rest.contains("PRIMARY KEY")) {
                    key.add(words[0]);
                }
            }
        }
        return new Made(create.group(1), columns, key);
    }

    private static ModelTable.Column column(String name, String type, String rest) {
        return new ModelTable.Column(
                name.replace("`", ""),
                type,
                !rest.contains("NOT NULL"),
                value(rest),
                rest.contains("AUTO_INCREMENT"),
                rest.contains("INVISIBLE"));
    }

    private static @Nullable Object value(String rest) {
        Matcher value = Pattern.compile("DEFAULT (\\d+|'[^']*')").matcher(rest);
        if (!value.find()) {
            return null;
        }
        String text = value.group(1);
        return text.startsWith("'") ? (Object) text.substring(1, text.length() - 1) : (Object) Long.parseLong(text);
    }

    static Alter alter(String sql) {
        Matcher alter = ALTER.matcher(sql);
        if (!alter.matches()) {
            throw new IllegalStateException("the model server does not read this: " + sql);
        }
        List<Consumer<ModelTable>> changes = new ArrayList<>();
        for (String clause : alter.group(2).split(", ")) {
            changes.add(clause(clause));
        }
        return new Alter(alter.group(1), table -> changes.forEach(c -> c.accept(table)));
    }

    private static Consumer<ModelTable> clause(String clause) {
        Matcher add = ADD.matcher(clause);
        Matcher drop = DROP.matcher(clause);
        Matcher show = SHOW.matcher(clause);
        if (add.matches()) {
            String rest = add.group(3) == null ? "" : add.group(3);
            return table -> table.add(column(add.group(1), add.group(2).split(" ")[0], rest));
        }
        if (drop.matches()) {
            return table -> table.drop(drop.group(1));
        }
        if (show.matches()) {
            return table -> {
                ModelTable.Column c = table.columns().get(table.indexOf(show.group(1)));
                table.replace(new ModelTable.Column(c.name(), c.type(), c.isNullable(), c.value(), c.isAuto(), false));
            };
        }
        if (clause.startsWith("ALGORITHM=") || clause.startsWith("LOCK=")) {
            return table -> {};
        }
        throw new IllegalStateException("the model server does not read this clause: " + clause);
    }
}

package io.crossfade.migrator.alter;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A base table and the ALTERs that are tried on it, from a file below {@code forms}; the first file says how they are written. Immutable.
 *
 * @param table its name, without quotes
 * @param mode words of the server's global sql_mode
 * @param wishes words for the rules: {@code triggers}, {@code discards-keys}
 * @param prepare makes it and its rows
 * @param writes what is written meanwhile
 */
record FormsFile(
        String name,
        String table,
        String mode,
        List<String> wishes,
        List<String> prepare,
        List<String> writes,
        List<Form> forms) {

    /**
     * One ALTER.
     *
     * @param isQuick whether the build tries it, too
     * @param servers labels; none: all
     * @param refusal what a refusal says of one that the server takes; empty where it has to come out the same
     * @param ending what one says that can only fail while rows are copied; empty else
     * @param isTakenAnyway whether we go a way that the server does not
     * @param unlike columns whose values are not the same
     * @param isNumbering whether the next number is not the same either
     * @param isReordered whether its indexes may stand in another order
     */
    record Form(
            String alter,
            boolean isQuick,
            List<String> servers,
            String refusal,
            String ending,
            boolean isTakenAnyway,
            List<String> unlike,
            boolean isNumbering,
            boolean isReordered) {

        static Form read(String line, boolean isQuick) {
            String text = line;
            List<String> servers = List.of();
            if (text.startsWith("[")) {
                servers = words(text.substring(1, text.indexOf(']')));
                text = text.substring(text.indexOf(']') + 1).strip();
            }
            int at = text.lastIndexOf(" ==> ");
            String meant = at < 0 ? "" : text.substring(at + 5).strip();
            return new Form(
                    at < 0 ? text : text.substring(0, at),
                    isQuick,
                    servers,
                    behind(meant, "refused"),
                    behind(meant, "ended"),
                    meant.equals("taken"),
                    words(behind(meant, meant.startsWith("numbers") ? "numbers" : "unlike")),
                    meant.startsWith("numbers"),
                    meant.equals("reordered"));
        }

        private static String behind(String meant, String word) {
            return meant.startsWith(word) ? meant.substring(word.length()).strip() : "";
        }
    }

    /** Reads one. */
    static FormsFile read(String name) {
        String table = "t";
        String mode = "STRICT_TRANS_TABLES";
        List<String> wishes = List.of();
        List<String> prepare = new ArrayList<>();
        List<String> writes = new ArrayList<>();
        List<Form> forms = new ArrayList<>();
        for (String line : lines(name)) {
            if (line.startsWith("table ")) {
                table = line.substring(6);
            } else if (line.startsWith("mode ")) {
                mode = line.substring(5);
            } else if (line.startsWith("rules ")) {
                wishes = words(line.substring(6));
            } else if (line.startsWith("= ")) {
                prepare.add(line.substring(2));
            } else if (line.startsWith("~ ")) {
                writes.add(line.substring(2));
            } else if (line.startsWith("> ") || line.startsWith("* ")) {
                forms.add(Form.read(line.substring(2), line.charAt(0) == '*'));
            } else {
                throw new IllegalArgumentException("cannot read forms/" + name + ": " + line);
            }
        }
        return new FormsFile(name, table, mode, wishes, prepare, writes, forms);
    }

    /** Comments and empty lines left out; a line that begins with blanks belongs to the one before. */
    private static List<String> lines(String name) {
        List<String> lines = new ArrayList<>();
        try (InputStream in = Objects.requireNonNull(FormsFile.class.getResourceAsStream("/forms/" + name), name)) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                if (line.startsWith("  ")) {
                    lines.add(lines.remove(lines.size() - 1) + "\n" + line.strip());
                } else if (!line.startsWith("#") && !line.isBlank()) {
                    lines.add(line);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return lines;
    }

    private static List<String> words(String text) {
        return Arrays.stream(text.split("[ ,]+")).filter(w -> !w.isEmpty()).toList();
    }
}

package io.crossfade.migrator.chunk;

import java.util.List;
import java.util.stream.Collectors;

/**
 * How far a walk has come, as a checkpoint's text: the last key done and the key it ends at, one a line, a
 * tab before each value (an empty text is a value too). Immutable.
 *
 * @param done the last key done; empty before the first
 * @param end the key where the walk ends
 */
public record Position(List<String> done, List<String> end) {

    public Position {
        done = List.copyOf(done);
        end = List.copyOf(end);
    }

    public static Position read(String text) {
        String[] lines = text.split("\n", -1);
        if (lines.length != 2) {
            throw new IllegalArgumentException("a checkpoint has two lines; seen " + lines.length);
        }
        return new Position(values(lines[0]), values(lines[1]));
    }

    public String text() {
        return line(done) + "\n" + line(end);
    }

    public Position at(List<String> key) {
        return new Position(key, end);
    }

    private static List<String> values(String line) {
        return line.isEmpty() ? List.of() : List.of(line.substring(1).split("\t", -1));
    }

    private static String line(List<String> values) {
        return values.stream().map(v -> "\t" + v).collect(Collectors.joining());
    }
}

package io.crossfade.sql;

import io.crossfade.model.Side;
import io.crossfade.model.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * One statement of a golden file and what is expected to be sent. A file is a list of cases:
 *
 * <pre>
 * # anything after a hash is for the reader
 * @ rename dualwrite            change, stage, then: back · new-view · reads-new · compares
 * INSERT INTO orders (status) VALUES (?)
 * => INSERT INTO orders (status, `order_status`) VALUES (?, `status`)
 * </pre>
 *
 * Instead of a text, {@code => same}, {@code => refused: reason}; behind a text, a line {@code kept: reason} or
 * {@code not compared: reason}.
 */
record GoldenCase(
        Path file,
        int line,
        String change,
        Stage stage,
        boolean back,
        Side view,
        boolean readsNew,
        boolean compares,
        String sql,
        String expected) {

    static final Path FOLDER = Path.of("src/test/resources/golden");

    static List<GoldenCase> all() throws IOException {
        List<GoldenCase> cases = new ArrayList<>();
        try (Stream<Path> files = Files.list(FOLDER)) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".sql")).sorted().toList()) {
                read(file, cases);
            }
        }
        return cases;
    }

    private static void read(Path file, List<GoldenCase> cases) throws IOException {
        List<String> lines = Files.readAllLines(file);
        String[] at = {};
        StringBuilder sql = new StringBuilder();
        int start = 0;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.startsWith("@ ")) {
                at = line.substring(2).trim().split(" +");
                sql.setLength(0);
            } else if (line.startsWith("=>")) {
                StringBuilder expected = new StringBuilder(line.substring(2).trim());
                while (i + 1 < lines.size() && !lines.get(i + 1).isBlank()) {
                    expected.append('\n').append(lines.get(++i));
                }
                List<String> words = List.of(at);
                cases.add(new GoldenCase(
                        file,
                        start + 1,
                        at[0],
                        Stage.of(at[1]),
                        words.contains("back"),
                        words.contains("new-view") ? Side.NEW : Side.OLD,
                        words.contains("reads-new"),
                        words.contains("compares"),
                        sql.toString(),
                        expected.toString()));
                sql.setLength(0);
            } else if (!line.isBlank() && !(line.startsWith("# ") && sql.isEmpty())) {
                start = sql.isEmpty() ? i : start;
                sql.append(sql.isEmpty() ? "" : "\n").append(line);
            }
        }
    }

    @Override
    public String toString() {
        return file.getFileName() + ":" + line + " " + change + " " + stage.word() + " " + sql;
    }
}

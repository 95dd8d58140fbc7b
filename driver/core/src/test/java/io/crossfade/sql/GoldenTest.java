package io.crossfade.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What each shape of statement becomes, as files under {@code golden}: adding a case needs no Java. With {@code
 * -Dcrossfade.golden.bless=true} the files are written anew from what the rewriter does, for a reader to look at.
 */
class GoldenTest {

    /** The oldest server that we serve: nothing may be left to invisible columns. */
    private static final String VERSION = "8.0.15";

    static Stream<GoldenCase> cases() throws IOException {
        return GoldenCase.all().stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyShapeIsRewrittenAsItsFileSays(GoldenCase c) {
        if (!Boolean.getBoolean("crossfade.golden.bless")) {
            assertThat(actual(c)).isEqualTo(c.expected());
        }
    }

    @Test
    void bless() throws IOException {
        if (!Boolean.getBoolean("crossfade.golden.bless")) {
            return;
        }
        Map<java.nio.file.Path, List<GoldenCase>> byFile = new LinkedHashMap<>();
        GoldenCase.all().forEach(c -> byFile.computeIfAbsent(c.file(), f -> new ArrayList<>())
                .add(c));
        for (var entry : byFile.entrySet()) {
            List<String> lines = Files.readAllLines(entry.getKey());
            List<String> out = new ArrayList<>();
            int n = 0;
            for (int i = 0; i < lines.size(); i++) {
                if (lines.get(i).startsWith("=>")) {
                    out.add("=> " + actual(entry.getValue().get(n++)));
                    while (i + 1 < lines.size() && !lines.get(i + 1).isBlank()) {
                        i++;
                    }
                } else {
                    out.add(lines.get(i));
                }
            }
            Files.write(entry.getKey(), out);
        }
    }

    static String actual(GoldenCase c) {
        try {
            Rewriting rewriting = GoldenFixture.rewriter(c, VERSION)
                    .rewrite(c.sql(), GoldenFixture.snapshot(c), GoldenFixture.session(c), c.compares());
            String text = rewriting.sql().equals(c.sql()) ? "same" : rewriting.sql();
            Comparison comparison = rewriting.comparison();
            boolean isUnfit = comparison != null && comparison.unfit() != null;
            return text
                    + (rewriting.keptOld() == null ? "" : "\nkept: " + rewriting.keptOld())
                    + (isUnfit ? "\nnot compared: " + comparison.unfit() : "");
        } catch (RewriteRefusedException e) {
            return "refused: " + e.reason();
        }
    }
}

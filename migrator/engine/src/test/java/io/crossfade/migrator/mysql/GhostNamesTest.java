package io.crossfade.migrator.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.migrator.ghost.Rules;
import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.model.TableName;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class GhostNamesTest {

    @Test
    void longNamesAreShortened() {
        GhostNames names = of("x".repeat(64), Rules.DEFAULT);
        assertThat(names.ghost().table()).startsWith("_" + "x".repeat(50) + "_").endsWith("_gho");
        assertThat(of("x".repeat(63) + "y", Rules.DEFAULT).all()).doesNotContainAnyElementsOf(names.all());
        assertThat(of("x".repeat(59), Rules.DEFAULT).ghost().table()).isEqualTo("_" + "x".repeat(59) + "_gho");
        assertThat(names.all()).allMatch(n -> n.table().length() == 64);
    }

    @Test
    void plainNamesAreGhOsts() {
        GhostNames names = of("t", Rules.DEFAULT);
        assertThat(names.all()).extracting(TableName::table).containsExactly("_t_gho", "_t_del", "_t_ghc", "_t_ghk");
    }

    private static GhostNames of(String table, Rules rules) {
        return GhostNames.of(new TableAlter(new TableName("shop", table), "ADD a INT"), rules, Instant.EPOCH);
    }
}

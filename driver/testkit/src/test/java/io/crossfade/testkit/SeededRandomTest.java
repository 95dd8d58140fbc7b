package io.crossfade.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SeededRandomTest {
    @BeforeEach
    void withoutAGivenSeed() {
        System.clearProperty(SeededRandom.SEED_PROPERTY);
    }

    @Test
    void aFailureNamesTheSeedThatRepeatsIt() {
        List<Long> seen = new ArrayList<>();
        assertThatThrownBy(() -> SeededRandom.forAll(10, random -> {
                    seen.add(random.seed());
                    assertThat(seen).hasSizeLessThan(3);
                }))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("-Dcrossfade.test.seed=" + (seen.get(0) + 2));
        assertThat(seen).hasSize(3);
    }

    @Test
    void theSameSeedGivesTheSameNumbers() {
        assertThat(new SeededRandom(7).longs(20))
                .containsExactlyElementsOf(new SeededRandom(7).longs(20).boxed().toList());
    }
}

package io.crossfade.testkit;

import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Random numbers that a seed repeats, for property tests. One thread at a time.
 *
 * <pre>{@code
 * SeededRandom.forAll(200, random -> {
 *     String sql = statement(random);
 *     assertThat(lex(sql)).describedAs(sql).isEqualTo(...);
 * });
 * }</pre>
 *
 * The message of a failure names the seed of the run that failed; {@code -Dcrossfade.test.seed=<seed>} runs that one
 * alone.
 */
public final class SeededRandom implements RandomGenerator {
    static final String SEED_PROPERTY = "crossfade.test.seed";

    private final long seed;
    private final SplittableRandom source;

    public SeededRandom(long seed) {
        this.seed = seed;
        this.source = new SplittableRandom(seed);
    }

    /** What must hold for each seed. */
    @FunctionalInterface
    public interface Property {
        void check(SeededRandom random) throws Exception;
    }

    /**
     * Checks a property with new seeds, as often as is said, or with the one seed of the system property.
     *
     * @throws AssertionError at the first seed that fails, with the seed in its message
     */
    public static void forAll(int runs, Property property) {
        Long only = Long.getLong(SEED_PROPERTY);
        long first = only != null ? only : new SplittableRandom().nextLong() >>> 16;
        long last = only != null ? first : first + runs - 1;
        for (long seed = first; seed <= last; seed++) {
            try {
                property.check(new SeededRandom(seed));
            } catch (Exception | AssertionError e) {
                throw new AssertionError(
                        "the property does not hold: run " + (seed - first + 1) + "; repeat it with -D" + SEED_PROPERTY
                                + "=" + seed + "; " + e.getMessage(),
                        e);
            }
        }
    }

    public long seed() {
        return seed;
    }

    @Override
    public long nextLong() {
        return source.nextLong();
    }

    /** One of the values, each as likely. */
    public <T> T pick(List<T> values) {
        return values.get(nextInt(values.size()));
    }

    /** One of the values, each as likely. */
    @SafeVarargs
    public final <T> T pick(T... values) {
        return values[nextInt(values.length)];
    }

    /** True in so many of a hundred cases. */
    public boolean chance(int percent) {
        return nextInt(100) < percent;
    }
}

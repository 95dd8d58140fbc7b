package io.crossfade.jdbc.flag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import dev.openfeature.sdk.EvaluationContext;
import dev.openfeature.sdk.OpenFeatureAPI;
import dev.openfeature.sdk.ProviderEvaluation;
import dev.openfeature.sdk.exceptions.GeneralError;
import dev.openfeature.sdk.providers.memory.Flag;
import dev.openfeature.sdk.providers.memory.InMemoryProvider;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OpenFeatureSourceTest {
    private static final String DOMAIN = "crossfade-test";
    private static final String KEY = "crossfade.orders-status";
    private static final Duration BOUND = Duration.ofSeconds(20);

    @AfterEach
    void forget() {
        OpenFeatureAPI.getInstance().setProvider(DOMAIN, new InMemoryProvider(Map.of()));
    }

    @Test
    void providersNumbersAndTruthsAreShares() throws Exception {
        InMemoryProvider provider = provider(Map.of(KEY, flag(40)));
        try (Feeds feeds = feeds(Duration.ofSeconds(30))) {
            assertThat(feeds.look()).isEqualTo(40);
            provider.updateFlags(Map.of(KEY, flag(true)));
            assertThat(feeds.look()).isEqualTo(100);
            provider.updateFlags(Map.of(KEY, flag(false)));
            assertThat(feeds.look()).isZero();
            assertThat(feeds.warnings()).isZero();
        }
    }

    @Test
    void flagThatIsGoneOrOfAnotherTypeKeepsItsLastGoodValue() throws Exception {
        InMemoryProvider provider = provider(Map.of(KEY, flag(40)));
        try (Feeds feeds = feeds(Duration.ofSeconds(30))) {
            assertThat(feeds.look()).isEqualTo(40);
            provider.updateFlag(KEY, flag("seventy"));
            assertThat(feeds.look()).isEqualTo(40);
            assertThat(feeds.log(Level.WARN)).contains("the error TYPE_MISMATCH");
            provider.updateFlag(KEY, flag(170));
            assertThat(feeds.look()).isEqualTo(40);
            provider(Map.of());
            assertThat(feeds.look()).isEqualTo(40);
            assertThat(feeds.warnings()).isOne();
        }
    }

    @Test
    void rulesSeeWhoAsks() throws Exception {
        AtomicReference<EvaluationContext> seen = new AtomicReference<>();
        provider(new InMemoryProvider(Map.of()) {
            @Override
            public ProviderEvaluation<Integer> getIntegerEvaluation(
                    String key, Integer defaultValue, EvaluationContext context) {
                seen.set(context);
                return ProviderEvaluation.<Integer>builder()
                        .value(defaultValue)
                        .reason("DEFAULT")
                        .build();
            }
        });
        try (Feeds feeds = feeds(Duration.ofSeconds(30))) {
            assertThat(feeds.look()).as("our own default is none").isEqualTo(10);
            assertThat(seen.get().getTargetingKey()).isEqualTo("shop \"one\"");
            assertThat(seen.get().getValue("instance").asString()).isEqualTo("instance-1");
            assertThat(seen.get().getValue("host").asString()).isEqualTo("host-1");
        }
    }

    @Test
    void providerThatHangsIsGivenUpAndNotAskedTwice() throws Exception {
        CountDownLatch hanging = new CountDownLatch(1);
        provider(new InMemoryProvider(Map.of(KEY, flag(40))) {
            @Override
            public ProviderEvaluation<Integer> getIntegerEvaluation(
                    String key, Integer defaultValue, EvaluationContext context) {
                try {
                    hanging.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return super.getIntegerEvaluation(key, defaultValue, context);
            }
        });
        try (Feeds feeds = feeds(Duration.ofMillis(50))) {
            assertThat(feeds.look()).isEqualTo(10);
            assertThat(feeds.look()).isEqualTo(10);
            assertThat(feeds.log(Level.WARN)).contains("did not answer within 50 ms");
            assertThat(Thread.getAllStackTraces().keySet().stream()
                            .filter(t -> t.getName().equals("crossfade-flags-openfeature " + DOMAIN)))
                    .hasSize(1);
            hanging.countDown();
            await().atMost(BOUND).until(() -> feeds.look() == 40);
        }
    }

    @Test
    void providerThatFailsKeepsTheLastGoodValue() throws Exception {
        AtomicReference<RuntimeException> failure = new AtomicReference<>();
        provider(new InMemoryProvider(Map.of(KEY, flag(40))) {
            @Override
            public ProviderEvaluation<Integer> getIntegerEvaluation(
                    String key, Integer defaultValue, EvaluationContext context) {
                if (failure.get() != null) {
                    throw failure.get();
                }
                return super.getIntegerEvaluation(key, defaultValue, context);
            }
        });
        try (Feeds feeds = feeds(Duration.ofSeconds(30))) {
            assertThat(feeds.look()).isEqualTo(40);
            failure.set(new GeneralError("password: sesame"));
            assertThat(feeds.look()).isEqualTo(40);
            failure.set(new IllegalStateException("password: sesame"));
            assertThat(feeds.look()).isEqualTo(40);
            assertThat(feeds.log(Level.TRACE)).contains("the error GENERAL").doesNotContain("sesame");
        }
    }

    @Test
    void applicationWithoutAProviderIsTold() throws Exception {
        try (Feeds feeds = new Feeds(new OpenFeatureSource(
                new SourceSettings.OpenFeature("crossfade-nobody", "crossfade.", Duration.ofSeconds(30)),
                Feeds.ASKER))) {
            assertThat(feeds.look()).isEqualTo(10);
            assertThat(feeds.log(Level.WARN)).contains("no provider is set; call OpenFeatureAPI.setProvider");
        }
    }

    @Test
    void providersNewsAreHeardAtOnce() throws Exception {
        InMemoryProvider provider = provider(Map.of(KEY, flag(40)));
        try (Feeds feeds = feeds(Duration.ofSeconds(30))) {
            feeds.feed.start("test");
            feeds.feed.awaitFirstLook(BOUND);
            assertThat(feeds.percent()).isEqualTo(40);
            for (int share = 0; share <= 100; share += 10) {
                int expected = share;
                provider.updateFlag(KEY, flag(share));
                // The poll is five seconds long: only the news can be as fast as eleven of these in the bound.
                await().atMost(BOUND).until(() -> feeds.percent() == expected);
            }
        }
    }

    private static InMemoryProvider provider(Map<String, Flag<?>> flags) throws Exception {
        return provider(new InMemoryProvider(flags));
    }

    private static InMemoryProvider provider(InMemoryProvider provider) throws Exception {
        OpenFeatureAPI.getInstance().setProviderAndWait(DOMAIN, provider);
        return provider;
    }

    private static Flag<Object> flag(Object value) {
        return Flag.builder().variant("v", value).defaultVariant("v").build();
    }

    private static Feeds feeds(Duration timeout) {
        return new Feeds(
                new OpenFeatureSource(new SourceSettings.OpenFeature(DOMAIN, "crossfade.", timeout), Feeds.ASKER));
    }
}

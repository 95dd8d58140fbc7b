package io.crossfade.jdbc.flag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.crossfade.flag.FlagAnswer;
import io.crossfade.flag.FlagException;
import io.crossfade.flag.FlagValue;
import io.crossfade.model.Stage;
import io.crossfade.state.Snapshot;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The feed's thread; what a look does is shown with each source. */
class FlagFeedTest {
    private static final Duration BOUND = Duration.ofSeconds(20);
    private static final Duration POLL = Duration.ofMillis(5);

    private final AtomicReference<Snapshot> control = new AtomicReference<>(Feeds.control(Stage.LIVE, 10));
    private final AtomicInteger looks = new AtomicInteger();
    private final CountDownLatch closed = new CountDownLatch(1);

    @Test
    void sourceIsLeftAloneWhileNoChangeIsOpenButForTheFirstLook() {
        control.set(Snapshot.NONE);
        try (FlagFeed feed = feed(() -> 40)) {
            feed.start("test");
            feed.awaitFirstLook(BOUND);
            AtomicInteger asked = new AtomicInteger();
            // Each of these is a turn of the thread: it asks the control state how things are.
            FlagFeed idle = feed(() -> 40, () -> {
                asked.incrementAndGet();
                return Snapshot.NONE;
            });
            looks.set(0);
            try (idle) {
                idle.start("idle");
                await().atMost(BOUND).until(() -> asked.get() > 5);
                assertThat(looks).hasValue(1);
            }
            control.set(Feeds.control(Stage.EXPAND, 0));
            await().atMost(BOUND).until(() -> looks.get() > 5);
        }
    }

    @Test
    void firstLookIsWaitedForAndOnlySoLong() {
        CountDownLatch hanging = new CountDownLatch(1);
        try (FlagFeed feed = feed(() -> {
            hanging.await();
            return 40;
        })) {
            feed.start("test");
            feed.awaitFirstLook(Duration.ofMillis(1));
            assertThat(feed.shares().percent(Feeds.CHANGE)).isEmpty();
            hanging.countDown();
            feed.awaitFirstLook(BOUND);
            assertThat(feed.shares().percent(Feeds.CHANGE)).hasValue(40);
        }
    }

    @Test
    void sourceThatBreaksInAnyWayIsLookedAtAgain() {
        try (FlagFeed feed = feed(() -> switch (looks.get() % 3) {
            case 0 -> throw new IllegalStateException("broken");
            case 1 -> throw new NoClassDefFoundError("gone");
            default -> 40;
        })) {
            feed.start("test");
            await().atMost(BOUND).until(() -> looks.get() > 6);
            assertThat(feed.shares().percent(Feeds.CHANGE)).hasValue(40);
        }
    }

    @Test
    void threadEndsWithTheFeed() throws InterruptedException {
        FlagFeed feed = feed(() -> 40);
        feed.start("that ends");
        feed.awaitFirstLook(BOUND);
        feed.close();
        closed.await();
        await().atMost(BOUND).until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(t -> t.getName().equals("crossfade-flags that ends")));
    }

    private interface Share {
        int percent() throws FlagException, InterruptedException;
    }

    private FlagFeed feed(Share share) {
        return feed(share, control::get);
    }

    private FlagFeed feed(Share share, java.util.function.Supplier<Snapshot> state) {
        FlagSource source = new FlagSource() {
            @Override
            public String name() {
                return "a test";
            }

            @Override
            public Optional<FlagAnswer> look(Set<String> openChanges) throws FlagException, InterruptedException {
                looks.incrementAndGet();
                return Optional.of(new FlagAnswer(Map.of(Feeds.CHANGE, new FlagValue.Percent(share.percent()))));
            }

            @Override
            public void close() {
                closed.countDown();
            }
        };
        return new FlagFeed(source, state, new Pace(POLL, new SplittableRandom(1)), POLL);
    }
}

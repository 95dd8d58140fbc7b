package io.crossfade.jdbc.flag;

import io.crossfade.flag.FlagAnswer;
import io.crossfade.flag.FlagException;
import io.crossfade.flag.FlagValue;
import io.crossfade.flag.Shares;
import io.crossfade.state.ChangeState;
import io.crossfade.state.Snapshot;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The shares that a source of flags asks for, kept up to date by a thread of its own. What is known stays known: a source that
 * is down, slow, wrong or gone changes nothing. While no change is open the source is left alone after the first look.
 *
 * <p>Safe for many threads. Its thread ends with {@link #close}.
 */
public final class FlagFeed implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FlagFeed.class);

    /** News that come thick and fast make no more than 50 looks a second. Judged, not measured. */
    private static final long NEWS_MILLIS_MIN = 20;

    private final FlagSource source;
    private final Pace pace;
    private final Duration poll;
    private final Supplier<Snapshot> control;
    private final Semaphore news = new Semaphore(0);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final CountDownLatch firstLook = new CountDownLatch(1);
    private final Set<String> toldWrong = new HashSet<>();
    private boolean isFailing;

    private volatile Shares shares = Shares.NONE;

    /**
     * @param control the newest control state, by a volatile read
     * @param pace when to look again
     * @param poll how often to see whether a change was opened, while none is
     */
    FlagFeed(FlagSource source, Supplier<Snapshot> control, Pace pace, Duration poll) {
        this.source = source;
        this.control = control;
        this.pace = pace;
        this.poll = poll;
    }

    /** A feed from the source that the settings name, not started yet; empty where that is the control table alone. */
    public static Optional<FlagFeed> of(
            SourceSettings settings, Duration poll, Asker asker, Supplier<Snapshot> control) {
        return source(settings, asker)
                .map(source -> new FlagFeed(source, control, new Pace(poll, new SplittableRandom()), poll));
    }

    private static Optional<FlagSource> source(SourceSettings settings, Asker asker) {
        if (settings instanceof SourceSettings.SharesIn file) {
            return Optional.of(new FileSource(file.file()));
        }
        if (settings instanceof SourceSettings.Ofrep ofrep) {
            return Optional.of(new OfrepSource(ofrep, asker, Clock.systemUTC()));
        }
        if (settings instanceof SourceSettings.OpenFeature provider) {
            return Optional.of(new OpenFeatureSource(provider, asker));
        }
        return Optional.empty();
    }

    /** What is known; by one volatile read. */
    public Shares shares() {
        return shares;
    }

    /** Starts the thread, named after the database. */
    public void start(String address) {
        source.onNews(news::release);
        Thread thread = new Thread(this::run, "crossfade-flags " + address);
        thread.setDaemon(true);
        thread.start();
    }

    /** Waits until the source was looked at once, so that a client begins with its flags where they can be had at once. */
    public void awaitFirstLook(Duration max) {
        try {
            if (!firstLook.await(max.toNanos(), TimeUnit.NANOSECONDS)) {
                LOG.debug("{} has not answered yet; the control table decides until it does", source.name());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        news.release();
        source.close();
    }

    private void run() {
        try {
            Duration wait = look();
            firstLook.countDown();
            while (!closed.await(NEWS_MILLIS_MIN, TimeUnit.MILLISECONDS)) {
                if (news.tryAcquire(wait.toNanos(), TimeUnit.NANOSECONDS)) {
                    news.drainPermits();
                }
                if (closed.getCount() > 0) {
                    wait = control.get().isQuiet() ? poll : look();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            firstLook.countDown();
        }
    }

    /** Looks at the source once, and tells how long to wait until the next look. A failure is told once, not each time. */
    Duration look() throws InterruptedException {
        Set<String> open = control.get().changes().stream()
                .map(ChangeState::change)
                .map(change -> change.id())
                .collect(Collectors.toUnmodifiableSet());
        try {
            Optional<FlagAnswer> answer = source.look(open);
            answer.ifPresent(given -> take(given, open));
            if (isFailing) {
                isFailing = false;
                LOG.info("flags are read again from {}", source.name());
            }
            return pace.afterSuccess();
        } catch (FlagException e) {
            failed(String.valueOf(e.getMessage()));
            return pace.afterFailure(e.retryAfter());
        } catch (RuntimeException | LinkageError e) {
            LOG.debug("{}", source.name(), e);
            failed(e.getClass().getSimpleName());
            return pace.afterFailure(Optional.empty());
        }
    }

    private void take(FlagAnswer answer, Set<String> open) {
        answer.values().forEach((change, value) -> {
            if (!(value instanceof FlagValue.Wrong wrong)) {
                toldWrong.remove(change);
            } else if (toldWrong.size() < FlagAnswer.FLAGS_MAX && toldWrong.add(change)) {
                LOG.warn(
                        "{}: {} gives {} for its share of reads; use a whole number of percent from 0 to 100, true or"
                                + " false; the last good value holds",
                        change,
                        source.name(),
                        wrong.seen());
            }
        });
        Shares before = shares;
        Shares now = answer.over(before, open);
        shares = now;
        for (String change : open) {
            if (!now.percent(change).equals(before.percent(change))) {
                LOG.info("{}: {}", change, told(now, change));
            }
        }
    }

    private String told(Shares now, String change) {
        return now.percent(change).isPresent()
                ? source.name() + " asks for " + now.percent(change).getAsInt() + " % of the reads"
                : source.name() + " leaves the share of reads to the control table";
    }

    private void failed(String why) {
        if (closed.getCount() == 0) {
            return; // A look that was under way when its source was closed under it.
        }
        if (!isFailing) {
            isFailing = true;
            LOG.warn(
                    "cannot read flags from {}: {}; the last good values hold, and the control table where there are none",
                    source.name(),
                    why);
        } else {
            LOG.debug("cannot read flags from {}: {}", source.name(), why);
        }
    }
}

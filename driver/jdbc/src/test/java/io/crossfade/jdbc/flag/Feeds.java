package io.crossfade.jdbc.flag;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.crossfade.flag.ReadShare;
import io.crossfade.model.Change;
import io.crossfade.model.ChangeFile;
import io.crossfade.model.Direction;
import io.crossfade.model.Stage;
import io.crossfade.model.Table;
import io.crossfade.state.ChangeState;
import io.crossfade.state.Snapshot;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.slf4j.LoggerFactory;

/** A feed whose looks a test asks for, beside a control table that stands still, and what it logs. */
final class Feeds implements AutoCloseable {
    static final Duration POLL = Duration.ofSeconds(5);
    static final Asker ASKER = new Asker("shop \"one\"", "host-1", "instance-1", "0.1");
    static final String CHANGE = "orders-status";

    final AtomicReference<Snapshot> control = new AtomicReference<>(control(Stage.LIVE, 10));
    final FlagFeed feed;
    private final Logger logger = (Logger) LoggerFactory.getLogger("io.crossfade.jdbc.flag");
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    Feeds(FlagSource source) {
        feed = new FlagFeed(source, control::get, new Pace(POLL, new SplittableRandom(1)), POLL);
        logger.setLevel(Level.TRACE);
        log.start();
        logger.addAppender(log);
    }

    /** One change at a stage, with a share in the control table. */
    static Snapshot control(Stage stage, int percent) {
        Change change = ChangeFile.read(
                "change: " + CHANGE + "\ntable: shop.orders\ncolumns:\n  - rename: {from: status, to: order_status}\n");
        return new Snapshot(
                7,
                List.of(new ChangeState(
                        change, new Table(change.table(), List.of()), stage, Direction.FORWARD, percent)));
    }

    /** The share that holds now. */
    int percent() {
        return ReadShare.percent(control.get().changes().get(0), feed.shares());
    }

    /** Looks, and gives the share that holds then. */
    int look() throws InterruptedException {
        feed.look();
        return percent();
    }

    /** What was logged at a level or above, one line each. */
    String log(Level level) {
        return log.list.stream()
                .filter(e -> e.getLevel().isGreaterOrEqual(level))
                .map(e -> e.getLevel() + " " + e.getFormattedMessage()
                        + (e.getThrowableProxy() == null
                                ? ""
                                : " " + e.getThrowableProxy().getMessage()))
                .collect(Collectors.joining("\n"));
    }

    long warnings() {
        return log.list.stream().filter(e -> e.getLevel() == Level.WARN).count();
    }

    @Override
    public void close() {
        logger.detachAppender(log);
        feed.close();
    }
}

package io.crossfade.jdbc;

import java.time.Duration;

/**
 * The thread's work of a link: it looks at the control state again and again, and keeps the lease alive by that. While a cut-over is
 * near it looks often.
 *
 * <p>Confined to the link's thread, which ends when the poll is stopped.
 */
final class Heartbeat implements Runnable {

    /** Between two looks at the client's own sessions, while statements are held for the end of some. */
    private static final Duration DRAIN_LOOK = Duration.ofMillis(1);

    private final ControlPoll poll;
    private final ControlState state;
    private final Duration pace;
    private final Runnable warming;
    private boolean isWarm;

    /**
     * @param pace between two looks while nothing is near
     * @param warming gets ready for statements on changing tables; run once, when a change is open
     */
    Heartbeat(ControlPoll poll, ControlState state, Duration pace, Runnable warming) {
        this.poll = poll;
        this.state = state;
        this.pace = pace;
        this.warming = warming;
    }

    @Override
    public void run() {
        try {
            while (!poll.awaitStop(pause())) {
                if (state.gate().poll().isPresent() && !isDue()) {
                    poll.watchGate();
                } else {
                    poll.look();
                }
                if (!isWarm && !state.current().isQuiet()) {
                    isWarm = true;
                    warming.run();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Duration pause() {
        if (poll.isFailing()) {
            return pace;
        }
        return poll.isWaitedFor()
                ? DRAIN_LOOK
                : state.gate().poll().orElse(state.times().pause(pace));
    }

    /** Whether the lease is to be renewed; not while statements are held, since that is for less than a lease. */
    private boolean isDue() {
        return poll.isFailing() || !state.gate().isClosed() && poll.isDue();
    }
}

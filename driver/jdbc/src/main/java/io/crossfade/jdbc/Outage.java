package io.crossfade.jdbc;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A time in which the control tables cannot be read. It is told when it begins and when it ends, not at every look.
 *
 * <p>{@link #isOn} and {@link #wasSeen}: safe for many threads. The rest: confined to the holder of the link's lock.
 */
final class Outage {
    private static final Logger LOG = LoggerFactory.getLogger(Outage.class);

    private final String address;
    private final Duration poll;
    private volatile long failedNanos;
    private volatile boolean isOn;

    /**
     * @param poll when they are tried again
     */
    Outage(String address, Duration poll) {
        this.address = address;
        this.poll = poll;
    }

    boolean isOn() {
        return isOn;
    }

    /** Whether they were tried so shortly before that trying again is not yet due. */
    boolean wasSeen(long nowNanos) {
        return isOn && nowNanos - failedNanos < poll.toNanos();
    }

    void end() {
        if (isOn) {
            isOn = false;
            LOG.info("control tables of {} are read again", address);
        }
    }

    void see(Exception failure, long nowNanos) {
        failedNanos = nowNanos;
        if (!isOn) {
            isOn = true;
            LOG.warn(
                    "cannot read the control tables of {}: {}; trying again every {} ms, statements on changing tables"
                            + " are refused once the lease has run out",
                    address,
                    failure.getMessage(),
                    poll.toMillis());
            LOG.debug("cannot read the control tables of {}", address, failure);
        }
    }
}

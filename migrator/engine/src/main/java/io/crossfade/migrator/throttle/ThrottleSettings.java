package io.crossfade.migrator.throttle;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When to hold back, as the operator may change it while a run is at work. Every change counts from the next time that the
 * signal is asked.
 *
 * <p>Safe for many threads.
 */
public final class ThrottleSettings {

    /** gh-ost's default. */
    public static final long MAX_LAG_MILLIS = 1500;

    /** An hour: whoever allows more wants no limit. */
    private static final long STATEMENT_MILLIS_MAX = 3_600_000;

    private volatile long maxLagMillis = MAX_LAG_MILLIS;
    private volatile List<Limit> maxLoad = List.of();
    private volatile List<Limit> criticalLoad = List.of();
    private volatile String query = "";
    private volatile String http = "";
    private volatile List<String> controlReplicas = List.of();
    private volatile @Nullable Path flagFile;
    private volatile @Nullable Path additionalFlagFile;
    private volatile boolean isThrottledByHand;
    private volatile long commitMicrosMax = -1;
    private volatile long statementMillisMax;

    /** The greatest lag of a replica, and of the reader of the change log, that is still good. */
    public long maxLagMillis() {
        return maxLagMillis;
    }

    public void maxLagMillis(long millis) {
        maxLagMillis = atLeastZero("max-lag-millis", millis);
    }

    public List<Limit> maxLoad() {
        return maxLoad;
    }

    public void maxLoad(List<Limit> limits) {
        maxLoad = List.copyOf(limits);
    }

    public List<Limit> criticalLoad() {
        return criticalLoad;
    }

    public void criticalLoad(List<Limit> limits) {
        criticalLoad = List.copyOf(limits);
    }

    /** A query that holds back while it gives a number above 0; empty for none. */
    public String query() {
        return query;
    }

    public void query(String sql) {
        query = sql.strip();
    }

    /** An address that holds back while it answers anything but 200; empty for none. */
    public String http() {
        return http;
    }

    public void http(String address) {
        http = address.strip();
    }

    /** Replicas whose lag counts, each as {@code host:port}. */
    public List<String> controlReplicas() {
        return controlReplicas;
    }

    public void controlReplicas(List<String> hostsAndPorts) {
        controlReplicas = List.copyOf(hostsAndPorts);
    }

    public Optional<Path> flagFile() {
        return Optional.ofNullable(flagFile);
    }

    public void flagFile(@Nullable Path file) {
        flagFile = file;
    }

    /** A second flag file, by which several runs can be held back at once. */
    public Optional<Path> additionalFlagFile() {
        return Optional.ofNullable(additionalFlagFile);
    }

    public void additionalFlagFile(@Nullable Path file) {
        additionalFlagFile = file;
    }

    /** Whether the operator holds the run back by word. */
    public boolean isThrottledByHand() {
        return isThrottledByHand;
    }

    public void isThrottledByHand(boolean isWished) {
        isThrottledByHand = isWished;
    }

    /** The longest time that the run's own commits may take; negative for no limit. */
    public long commitMicrosMax() {
        return commitMicrosMax;
    }

    /**
     * Sets the longest time that a commit may take.
     *
     * @param millis 0 for no limit
     */
    public void commitMillisMax(long millis) {
        long max = atLeastZero("max-commit-latency-millis", millis);
        commitMicrosMax = max == 0 ? -1 : max * 1000;
    }

    /** How long one of a hundred of the drivers' statements may take; 0 for no limit. */
    public long statementMillisMax() {
        return statementMillisMax;
    }

    /**
     * Sets how long one of a hundred of the drivers' statements may take.
     *
     * @param millis 0 for no limit
     */
    public void statementMillisMax(long millis) {
        if (millis > STATEMENT_MILLIS_MAX) {
            throw new IllegalArgumentException(
                    "cannot set max-statement-millis to " + millis + "; give an hour at most");
        }
        statementMillisMax = atLeastZero("max-statement-millis", millis);
    }

    private static long atLeastZero(String name, long number) {
        if (number < 0) {
            throw new IllegalArgumentException("cannot set " + name + " to " + number + "; give 0 or more");
        }
        return number;
    }
}

package io.crossfade.flag;

import java.io.Serial;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A look at a source of flags gave nothing that can be used; the last good values hold. */
public final class FlagException extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    private final @Nullable Duration retryAfter;

    /** @param message what was seen and what to do, without the source's name and without any secret */
    public FlagException(String message) {
        this(message, null);
    }

    /** @param retryAfter how long the source asks to be left alone; null where it does not say */
    public FlagException(String message, @Nullable Duration retryAfter) {
        super(message);
        this.retryAfter = retryAfter;
    }

    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}

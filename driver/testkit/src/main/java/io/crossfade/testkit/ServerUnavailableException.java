package io.crossfade.testkit;

/** A server cannot be had on this machine; the message says what to do about it. */
public final class ServerUnavailableException extends RuntimeException {
    public ServerUnavailableException(String message) {
        super(message);
    }

    public ServerUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}

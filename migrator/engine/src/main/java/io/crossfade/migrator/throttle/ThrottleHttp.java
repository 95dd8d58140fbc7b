package io.crossfade.migrator.throttle;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Holds back while an address answers HEAD with anything but 200. One thread at a time. */
public final class ThrottleHttp implements Throttle {
    private static final int GOOD = 200;

    private final Supplier<String> address;
    private final Duration every;
    private final Duration timeout;
    private final boolean ignoresErrors;
    private @Nullable HttpClient client;

    /**
     * @param address may change; empty for none
     * @param timeout for one answer
     * @param ignoresErrors whether no answer at all is no reason
     */
    public ThrottleHttp(Supplier<String> address, Duration every, Duration timeout, boolean ignoresErrors) {
        this.address = address;
        this.every = every;
        this.timeout = timeout;
        this.ignoresErrors = ignoresErrors;
    }

    @Override
    public Optional<String> reason() {
        String text = address.get();
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(text))
                    .timeout(timeout)
                    .method("HEAD", HttpRequest.BodyPublishers.noBody())
                    .build();
            int code = client().send(request, HttpResponse.BodyHandlers.discarding())
                    .statusCode();
            return code == GOOD ? Optional.empty() : Optional.of("throttle-http answered " + code);
        } catch (IOException e) {
            // The message may hold the address, and that a token; its kind says enough.
            return ignoresErrors
                    ? Optional.empty()
                    : Optional.of(
                            "throttle-http did not answer: " + e.getClass().getSimpleName());
        } catch (IllegalArgumentException e) {
            return Optional.of("throttle-http is no address that can be asked; write it as http://host:port/path");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("throttle-http was interrupted");
        }
    }

    private HttpClient client() {
        HttpClient known = client;
        if (known == null) {
            known = HttpClient.newBuilder().connectTimeout(timeout).build();
            client = known;
        }
        return known;
    }

    @Override
    public Duration every() {
        return every;
    }

    @Override
    public String name() {
        return "throttle-http";
    }
}

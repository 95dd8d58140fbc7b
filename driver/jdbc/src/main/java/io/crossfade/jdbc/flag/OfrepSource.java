package io.crossfade.jdbc.flag;

import io.crossfade.flag.BulkAnswer;
import io.crossfade.flag.BulkQuestion;
import io.crossfade.flag.FlagAnswer;
import io.crossfade.flag.FlagException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * A flag service that speaks OFREP: all flags by one request, and none of them again while its ETag stands. Redirects are not
 * followed: they would carry the token to somewhere else.
 *
 * <p>One thread at a time, except {@link #close}.
 */
final class OfrepSource implements FlagSource {

    /** Some thousands of flags with their metadata. Judged, not measured. */
    static final int BODY_BYTES_MAX = 1024 * 1024;

    /** How long an idle thread of the HTTP client stays. Judged, not measured. */
    private static final long THREAD_IDLE_SECONDS_MAX = 30;

    /** Servers take some thousands of characters of headers in all. Judged, not measured. */
    private static final int ETAG_CHARS_MAX = 1_000;

    private static final String PATH = "/ofrep/v1/evaluate/flags";

    private final SourceSettings.Ofrep settings;
    private final URI endpoint;
    private final String question;
    private final Clock clock;
    private final ThreadPoolExecutor threads;
    private final HttpClient client;
    private @Nullable String etag;

    OfrepSource(SourceSettings.Ofrep settings, Asker asker, Clock clock) {
        this.settings = settings;
        this.clock = clock;
        endpoint = URI.create(settings.url() + PATH);
        question = BulkQuestion.write(asker.application(), asker.attributes());
        threads = threads("crossfade-flags-http " + settings.url().getHost());
        client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(settings.timeout())
                .executor(threads)
                .build();
    }

    @Override
    public String name() {
        return endpoint.toString();
    }

    @Override
    public Optional<FlagAnswer> look(Set<String> openChanges) throws FlagException, InterruptedException {
        String sent = etag;
        HttpResponse<byte[]> response = ask(sent);
        int status = response.statusCode();
        if (status == 304 && sent != null) {
            return Optional.empty();
        }
        if (status != 200) {
            throw refused(status, response);
        }
        FlagAnswer answer = read(response.body());
        // Only what was understood is not asked for again.
        etag = response.headers()
                .firstValue("ETag")
                .filter(OfrepSource::isSendable)
                .orElse(null);
        return Optional.of(answer);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private HttpResponse<byte[]> ask(@Nullable String knownTag) throws FlagException, InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> answer =
                client.sendAsync(request(knownTag), BoundedBody.handler(BODY_BYTES_MAX));
        try {
            // Not HttpRequest.timeout, which ends with the answer's headers: this bounds its last byte.
            return answer.get(settings.timeout().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new FlagException("it did not answer within "
                    + settings.timeout().toMillis() + " ms; crossfade.flags.timeoutMillis sets the bound");
        } catch (ExecutionException e) {
            throw new FlagException("it gave nothing: " + cause(e.getCause()));
        } finally {
            answer.cancel(true);
        }
    }

    private HttpRequest request(@Nullable String knownTag) throws FlagException {
        HttpRequest.Builder request = HttpRequest.newBuilder(endpoint)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(question, StandardCharsets.UTF_8));
        if (knownTag != null) {
            request.header("If-None-Match", knownTag);
        }
        Credential credential = settings.credential();
        if (credential != null) {
            request.header(credential.header(), credential.headerValue());
        }
        return request.build();
    }

    private FlagAnswer read(byte[] body) throws FlagException {
        try {
            return BulkAnswer.read(new String(body, StandardCharsets.UTF_8), settings.prefix());
        } catch (FlagException e) {
            throw new FlagException("its answer cannot be read: " + e.getMessage());
        }
    }

    private FlagException refused(int status, HttpResponse<byte[]> response) {
        Duration wait = response.headers()
                .firstValue("Retry-After")
                .map(header -> RetryAfter.parse(header, clock))
                .orElse(null);
        String todo =
                switch (status) {
                    case 401, 403 -> "; look at crossfade.flags.token or crossfade.flags.apiKey";
                    case 404 -> "; crossfade.flags.url is what stands before /ofrep";
                    default -> "";
                };
        return new FlagException("it answered " + status + todo, wait);
    }

    /** A tag that no header takes would fail every request from then on. */
    private static boolean isSendable(String tag) {
        return tag.length() <= ETAG_CHARS_MAX && tag.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }

    /** What went wrong on the way, in our own words: the client's may repeat what the other side sent. */
    private static String cause(@Nullable Throwable error) {
        for (Throwable e = error; e != null; e = e.getCause()) {
            if (e instanceof BoundedBody.TooLongException tooLong) {
                return tooLong.getMessage();
            }
            if (e instanceof ConnectException || e instanceof HttpConnectTimeoutException) {
                return "no connection";
            }
            if (e instanceof SSLException) {
                return "no TLS connection (" + e.getClass().getSimpleName() + ")";
            }
        }
        return error instanceof IOException ? "its answer was cut off, or is not HTTP" : "for no reason that it told";
    }

    private static ThreadPoolExecutor threads(String name) {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                1, 1, THREAD_IDLE_SECONDS_MAX, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, name);
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }
}

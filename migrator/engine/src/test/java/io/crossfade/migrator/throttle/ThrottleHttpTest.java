package io.crossfade.migrator.throttle;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.head;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ThrottleHttpTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    private final WireMockServer server =
            new WireMockServer(options().dynamicPort().bindAddress("127.0.0.1"));
    private final AtomicReference<String> address = new AtomicReference<>("");
    private final ThrottleHttp throttle = new ThrottleHttp(address::get, Duration.ofMillis(100), TIMEOUT, false);
    private final ThrottleHttp ignoring = new ThrottleHttp(address::get, Duration.ofMillis(100), TIMEOUT, true);

    @BeforeEach
    void start() {
        server.start();
        server.stubFor(head(urlEqualTo("/good")).willReturn(aResponse().withStatus(200)));
        server.stubFor(head(urlEqualTo("/none")).willReturn(aResponse().withStatus(404)));
        server.stubFor(head(urlEqualTo("/bad")).willReturn(aResponse().withStatus(500)));
        server.stubFor(
                head(urlEqualTo("/slow")).willReturn(aResponse().withStatus(200).withFixedDelay(6_000)));
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    @Test
    void anythingButTwoHundredHoldsBack() {
        assertThat(throttle.reason()).as("no address").isEmpty();
        address.set(server.url("/good"));
        assertThat(throttle.reason()).isEmpty();
        address.set(server.url("/none"));
        assertThat(throttle.reason()).contains("throttle-http answered 404");
        address.set(server.url("/bad"));
        assertThat(throttle.reason()).contains("throttle-http answered 500");
        assertThat(ignoring.reason()).as("an answer is no error").isPresent();
    }

    @Test
    void noAnswerHoldsBackUnlessErrorsAreIgnored() {
        address.set(server.url("/slow"));
        assertThat(throttle.reason().orElseThrow()).contains("did not answer");
        assertThat(ignoring.reason()).isEmpty();
        String gone = server.url("/good?token=secret");
        server.stop();
        address.set(gone);
        assertThat(throttle.reason().orElseThrow()).contains("did not answer").doesNotContain("secret");
        assertThat(ignoring.reason()).isEmpty();
    }

    @Test
    void whatIsNoAddressHoldsBack() {
        address.set("no address");
        assertThat(ignoring.reason().orElseThrow()).contains("is no address");
    }
}

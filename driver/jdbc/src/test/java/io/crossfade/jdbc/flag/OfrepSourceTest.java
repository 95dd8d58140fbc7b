package io.crossfade.jdbc.flag;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.status;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import io.crossfade.model.Stage;
import io.crossfade.testkit.FakeClock;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OfrepSourceTest {
    private static final String PATH = "/flags/ofrep/v1/evaluate/flags";
    private static final String TOKEN = "sesame-0123456789";

    /** Never reached by a good answer. */
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    /** For answers that come too late; a good one may, on a busy machine, and is asked for again. */
    private static final Duration SHORT = Duration.ofMillis(500);

    private final WireMockServer server =
            new WireMockServer(options().dynamicPort().bindAddress("127.0.0.1"));
    private final FakeClock clock = new FakeClock();

    @TempDir
    private Path folder;

    @BeforeEach
    void start() {
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    @Test
    void flagsAreAskedForInOneRequestAndNotAgainWhileTheirTagStands() throws Exception {
        server.stubFor(post(urlEqualTo(PATH))
                .withHeader("If-None-Match", absent())
                .willReturn(ok(body("40")).withHeader("ETag", "\"one\"")));
        server.stubFor(post(urlEqualTo(PATH))
                .withHeader("If-None-Match", equalTo("\"one\""))
                .willReturn(status(304)));
        try (Feeds feeds = feeds(bearer(TOKEN))) {
            assertThat(feeds.look()).isEqualTo(40);
            assertThat(feeds.look()).isEqualTo(40);
            assertThat(feeds.feed.look()).isBetween(Duration.ofSeconds(4), Feeds.POLL);
            assertThat(feeds.warnings()).isZero();
        }
        server.verify(1, postRequestedFor(urlEqualTo(PATH)).withHeader("If-None-Match", absent()));
        server.verify(2, postRequestedFor(urlEqualTo(PATH)).withHeader("If-None-Match", equalTo("\"one\"")));
        server.verify(
                3,
                postRequestedFor(urlEqualTo(PATH))
                        .withHeader("Content-Type", equalTo("application/json"))
                        .withHeader("Authorization", equalTo("Bearer " + TOKEN))
                        .withRequestBody(
                                equalToJson(
                                        """
                                {"context": {"targetingKey": "shop \\"one\\"", "application": "shop \\"one\\"",
                                 "host": "host-1", "instance": "instance-1", "version": "0.1"}}""")));
    }

    @Test
    void tagOfAnAnswerThatCouldNotBeReadIsNotKept() throws Exception {
        answer(ok("{\"flags\": [").withHeader("ETag", "\"broken\""));
        try (Feeds feeds = feeds(null)) {
            assertThat(feeds.look()).isEqualTo(10);
            answer(ok(body("40")));
            assertThat(feeds.look()).isEqualTo(40);
        }
        server.verify(0, postRequestedFor(anyUrl()).withHeader("If-None-Match", equalTo("\"broken\"")));
    }

    @Test
    void everyWayToFailKeepsTheLastGoodValueAndIsToldOnce() throws Exception {
        for (ResponseDefinitionBuilder failure : new ResponseDefinitionBuilder[] {
            status(304),
            status(400),
            status(401),
            status(403),
            status(404),
            status(429),
            status(500),
            status(503),
            status(204),
            aResponse().withStatus(302).withHeader("Location", server.url("/elsewhere")),
            aResponse().withFault(Fault.EMPTY_RESPONSE),
            aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER),
            aResponse().withFault(Fault.MALFORMED_RESPONSE_CHUNK),
            aResponse().withFault(Fault.RANDOM_DATA_THEN_CLOSE),
            ok(""),
            ok("<html>sign in</html>"),
            ok("{}"),
            ok(body("70").substring(0, body("70").length() - 1)),
            ok(body("70")).withHeader("Content-Length", "10000"),
            ok(body("70") + " ".repeat(OfrepSource.BODY_BYTES_MAX)),
        }) {
            answer(ok(body("40")));
            try (Feeds feeds = feeds(null)) {
                assertThat(feeds.look()).isEqualTo(40);
                answer(failure);
                String described = failure.build().toString();
                assertThat(feeds.look()).as(described).isEqualTo(40);
                assertThat(feeds.warnings()).as(described).isOne();
                assertThat(feeds.feed.look()).as(described).isGreaterThan(Duration.ofSeconds(6));
                assertThat(feeds.percent()).as(described).isEqualTo(40);
                assertThat(feeds.warnings()).as(described).isOne();
                answer(ok(body("50")));
                assertThat(feeds.look()).as(described).isEqualTo(50);
            }
        }
        server.verify(0, anyRequestedFor(urlEqualTo("/elsewhere")));
    }

    @Test
    void answerThatIsSlowInItsBeginningOrInItsBodyKeepsTheLastGoodValue() throws Exception {
        for (ResponseDefinitionBuilder slow : new ResponseDefinitionBuilder[] {
            ok(body("70")).withFixedDelay(20_000), ok(body("70")).withChunkedDribbleDelay(10, 20_000),
        }) {
            answer(ok(body("40")));
            try (Feeds feeds = new Feeds(source(server.baseUrl(), null, SHORT))) {
                await().atMost(TIMEOUT).until(() -> feeds.look() == 40);
                answer(slow);
                long begunNanos = System.nanoTime();
                assertThat(feeds.look()).isEqualTo(40);
                assertThat(Duration.ofNanos(System.nanoTime() - begunNanos)).isLessThan(Duration.ofSeconds(15));
                assertThat(feeds.log(Level.WARN)).contains("within 500 ms; crossfade.flags.timeoutMillis");
                answer(ok(body("50")));
                await().atMost(TIMEOUT).until(() -> feeds.look() == 50);
            }
        }
    }

    @Test
    void serviceThatIsDownAtTheStartLeavesItToTheControlTable() throws Exception {
        String url = server.baseUrl();
        server.stop();
        try (Feeds feeds = new Feeds(source(url, null))) {
            assertThat(feeds.look()).isEqualTo(10);
            assertThat(feeds.log(Level.WARN))
                    .contains("cannot read flags from " + url
                            + "/ofrep/v1/evaluate/flags: it gave nothing: no connection");
        }
    }

    @Test
    void messagesSayWhatToDo() throws Exception {
        assertThat(told(status(401))).contains("401; look at crossfade.flags.token");
        assertThat(told(status(404))).contains("404; crossfade.flags.url is what stands before /ofrep");
        assertThat(told(aResponse().withFault(Fault.RANDOM_DATA_THEN_CLOSE)))
                .contains("it gave nothing: its answer was cut off, or is not HTTP");
        assertThat(told(ok(" ".repeat(OfrepSource.BODY_BYTES_MAX + 1))))
                .contains("it gave nothing: more than " + OfrepSource.BODY_BYTES_MAX + " bytes");
        assertThat(told(ok("{\"flags\": 7}"))).contains("its answer cannot be read: it holds no list of flags");
    }

    @Test
    void serviceThatAsksToBeLeftAloneIs() throws Exception {
        answer(status(429).withHeader("Retry-After", "120"));
        try (Feeds feeds = feeds(null)) {
            assertThat(feeds.feed.look()).isBetween(Duration.ofSeconds(120), Duration.ofSeconds(144));
            answer(status(503).withHeader("Retry-After", "Thu, 01 Jan 2026 00:10:00 GMT"));
            assertThat(feeds.feed.look()).isBetween(Duration.ofMinutes(10), Duration.ofMinutes(12));
            answer(status(429).withHeader("Retry-After", "2026-01-01T12:00:00Z"));
            assertThat(feeds.feed.look()).isBetween(Duration.ofHours(1), Duration.ofMinutes(72));
            answer(status(429).withHeader("Retry-After", "soon"));
            assertThat(feeds.feed.look()).isBetween(Duration.ofSeconds(32), Duration.ofSeconds(40));
            answer(ok(body("40")));
            assertThat(feeds.feed.look()).isLessThanOrEqualTo(Feeds.POLL);
        }
    }

    @Test
    void valueThatIsAbsentLeavesItToTheControlTable() throws Exception {
        answer(ok(body("40")));
        try (Feeds feeds = feeds(null)) {
            assertThat(feeds.look()).isEqualTo(40);
            answer(ok("{\"flags\": [{\"key\": \"crossfade.orders-status\", \"reason\": \"DEFAULT\"}]}"));
            assertThat(feeds.look()).isEqualTo(10);
            assertThat(feeds.log(Level.INFO)).endsWith("leaves the share of reads to the control table");
        }
    }

    @Test
    void flagThatIsGoneOrWrongKeepsItsLastGoodValueAndIsToldOnce() throws Exception {
        answer(ok(body("40")));
        try (Feeds feeds = feeds(null)) {
            assertThat(feeds.look()).isEqualTo(40);
            answer(ok("{\"flags\": []}"));
            assertThat(feeds.look()).isEqualTo(40);
            for (String wrong : new String[] {"\"70\"", "[70]", "{\"percent\": 70}", "170", "-1", "70.5"}) {
                answer(ok(body(wrong)));
                assertThat(feeds.look()).as(wrong).isEqualTo(40);
            }
            answer(
                    ok(
                            "{\"flags\": [{\"key\": \"crossfade.orders-status\", \"value\": 70, \"errorCode\": \"GENERAL\"}]}"));
            assertThat(feeds.look()).isEqualTo(40);
            assertThat(feeds.warnings()).isOne();
            assertThat(feeds.log(Level.WARN)).contains("gives a text").contains("whole number of percent");
            answer(ok(body("true")));
            assertThat(feeds.look()).isEqualTo(100);
            answer(ok(body("\"70\"")));
            assertThat(feeds.look()).isEqualTo(100);
            assertThat(feeds.warnings()).isEqualTo(2);
        }
    }

    @Test
    void stormOfFlipsIsFollowedAndTheKillSwitchIsAboveIt() throws Exception {
        try (Feeds feeds = feeds(null)) {
            for (int i = 0; i < 300; i++) {
                int share = i * 37 % 101;
                answer(ok(body(Integer.toString(share))).withHeader("ETag", "\"" + i + "\""));
                assertThat(feeds.look()).isEqualTo(share);
            }
            feeds.control.set(Feeds.control(Stage.LIVE, 0));
            answer(ok(body("100")));
            assertThat(feeds.look()).isZero();
            feeds.control.set(Feeds.control(Stage.SHADOW, 100));
            assertThat(feeds.look()).isZero();
        }
    }

    @Test
    void credentialsOfEveryKindAreSent() throws Exception {
        answer(ok(body("40")));
        Path file = Files.writeString(folder.resolve("token"), "first\n");
        try (Feeds feeds = feeds(bearer("file:" + file))) {
            feeds.look();
            Files.writeString(file, "second\n");
            feeds.look();
        }
        server.verify(1, postRequestedFor(anyUrl()).withHeader("Authorization", equalTo("Bearer first")));
        server.verify(1, postRequestedFor(anyUrl()).withHeader("Authorization", equalTo("Bearer second")));
        try (Feeds feeds = feeds(bearer("env:PATH"))) {
            feeds.look();
        }
        server.verify(
                1, postRequestedFor(anyUrl()).withHeader("Authorization", equalTo("Bearer " + System.getenv("PATH"))));
        try (Feeds feeds = feeds(new Credential(Credential.Scheme.API_KEY, TOKEN))) {
            feeds.look();
        }
        server.verify(
                1,
                postRequestedFor(anyUrl())
                        .withHeader("X-API-Key", equalTo(TOKEN))
                        .withHeader("Authorization", absent()));
    }

    @Test
    void credentialThatCannotBeReadOrSentIsMissedByItsPlace() throws Exception {
        Path file = folder.resolve("token");
        for (String[] bad : new String[][] {
            {"file:" + file, "cannot be read (NoSuchFileException); look at file:" + file},
            {"file:" + folder, "cannot be read (IOException); look at file:" + folder},
            {"env:CROSSFADE_NOT_THERE", "is empty; look at env:CROSSFADE_NOT_THERE"},
            {"", "is empty; look at the connection property"},
            {TOKEN + "\r\nX-Evil: 1", "holds blanks or signs that no header takes; look at the connection property"},
        }) {
            try (Feeds feeds = feeds(bearer(bad[0]))) {
                assertThat(feeds.look()).isEqualTo(10);
                assertThat(feeds.log(Level.TRACE)).contains(bad[1]).doesNotContain("sesame");
            }
        }
        server.verify(0, postRequestedFor(anyUrl()));
    }

    @Test
    void tokenIsInNoLogAndNoText() throws Exception {
        for (ResponseDefinitionBuilder response : new ResponseDefinitionBuilder[] {
            ok(body("40")),
            status(401).withBody("bad token " + TOKEN),
            ok("token " + TOKEN),
            ok("{\"flags\": [{\"key\": \"crossfade.orders-status\", \"errorCode\": \"" + TOKEN + "\"}]}"),
            ok(body("\"" + TOKEN + "\"")),
            aResponse().withStatusMessage(TOKEN).withStatus(500),
            aResponse().withFault(Fault.RANDOM_DATA_THEN_CLOSE),
        }) {
            answer(response);
            try (Feeds feeds = feeds(bearer(TOKEN))) {
                feeds.look();
                assertThat(feeds.log(Level.TRACE)).isNotEmpty().doesNotContain(TOKEN);
            }
        }
        SourceSettings settings =
                new SourceSettings.Ofrep(URI.create(server.baseUrl()), bearer(TOKEN), "crossfade.", TIMEOUT);
        assertThat(settings.toString()).doesNotContain(TOKEN).contains("(hidden)");
        assertThat(Stream.of(new OfrepSource((SourceSettings.Ofrep) settings, Feeds.ASKER, clock))
                        .map(FlagSource::name))
                .noneMatch(name -> name.contains(TOKEN));
    }

    private String told(ResponseDefinitionBuilder response) throws InterruptedException {
        answer(response);
        try (Feeds feeds = feeds(null)) {
            feeds.look();
            return feeds.log(Level.WARN);
        }
    }

    private void answer(ResponseDefinitionBuilder response) {
        server.resetMappings();
        server.stubFor(any(anyUrl()).willReturn(response));
    }

    private Feeds feeds(Credential credential) {
        return new Feeds(source(server.baseUrl() + "/flags", credential));
    }

    private OfrepSource source(String url, Credential credential) {
        return source(url, credential, TIMEOUT);
    }

    private OfrepSource source(String url, Credential credential, Duration timeout) {
        return new OfrepSource(
                new SourceSettings.Ofrep(URI.create(url), credential, "crossfade.", timeout), Feeds.ASKER, clock);
    }

    private static Credential bearer(String token) {
        return new Credential(Credential.Scheme.BEARER, token);
    }

    private static String body(String value) {
        return "{\"flags\": [{\"key\": \"banner\", \"value\": \"hello\"}, {\"key\": \"crossfade.orders-status\", \"value\": "
                + value + ", \"reason\": \"STATIC\", \"variant\": \"x\"}]}";
    }
}

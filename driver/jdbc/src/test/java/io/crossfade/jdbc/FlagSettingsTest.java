package io.crossfade.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.jdbc.flag.Credential;
import io.crossfade.jdbc.flag.SourceSettings;
import java.net.URI;
import java.nio.file.Path;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class FlagSettingsTest {
    @Test
    void controlTableAloneIsTheDefault() throws SQLException {
        assertThat(settings().source()).isEqualTo(new SourceSettings.Control());
    }

    @Test
    void eachSourceHasItsProperties() throws SQLException {
        FlagSettings file = settings("flags", "file", "flags.file", "/etc/shares.yaml");
        assertThat(file)
                .isEqualTo(new FlagSettings(
                        new SourceSettings.SharesIn(Path.of("/etc/shares.yaml")), Duration.ofMillis(500)));
        FlagSettings ofrep = settings(
                "flags",
                "ofrep",
                "flags.url",
                "https://flags:8016/base/",
                "flags.token",
                "env:T",
                "flags.pollMillis",
                "50");
        assertThat(ofrep)
                .isEqualTo(new FlagSettings(
                        new SourceSettings.Ofrep(
                                URI.create("https://flags:8016/base"),
                                new Credential(Credential.Scheme.BEARER, "env:T"),
                                "crossfade.",
                                Duration.ofSeconds(2)),
                        Duration.ofMillis(50)));
        FlagSettings provider = settings(
                "flags", "openfeature", "flags.domain", "d", "flags.prefix", "p-", "flags.timeoutMillis", "70");
        assertThat(provider)
                .isEqualTo(new FlagSettings(
                        new SourceSettings.OpenFeature("d", "p-", Duration.ofMillis(70)), Duration.ofSeconds(5)));
    }

    @Test
    void misconfigurationsGetOneClearErrorEach() {
        assertRefused("crossfade.flags is \"ofref\"; use one of control, file, ofrep, openfeature", "flags", "ofref");
        assertRefused("crossfade.flags is file, and crossfade.flags.file is not given", "flags", "file");
        assertRefused("crossfade.flags is ofrep, and crossfade.flags.url is not given", "flags", "ofrep");
        assertRefused(
                "crossfade.flags.url is given, and crossfade.flags=control does not look at it",
                "flags.url",
                "http://flags");
        assertRefused(
                "crossfade.flags.token is given, and crossfade.flags=file does not look at it",
                "flags",
                "file",
                "flags.file",
                "f",
                "flags.token",
                "sesame");
        assertRefused("there is no property \"crossfade.flags.uri\"", "flags.uri", "http://flags");
        assertRefused(
                "use a number of milliseconds from 50", "flags", "file", "flags.file", "f", "flags.pollMillis", "1");
        assertRefused("crossfade.flags.file is no path", "flags", "file", "flags.file", "a\0b");
        assertRefused(
                "are both given",
                "flags",
                "ofrep",
                "flags.url",
                "http://f",
                "flags.token",
                "sesame",
                "flags.apiKey",
                "sesame");
        for (String url : new String[] {
            "flags:8016",
            "ftp://flags",
            "http://user:sesame@flags",
            "http://flags?token=sesame",
            "http://flags#sesame",
            "http://fla gs/sesame",
            "http:///sesame"
        }) {
            assertRefused("crossfade.flags.url is not a plain URL", "flags", "ofrep", "flags.url", url);
        }
    }

    @Test
    void secretsAreNotShown() throws SQLException {
        Properties given = properties("flags", "ofrep", "flags.url", "http://f", "flags.token", "sesame");
        assertThat(DriverSettings.of(given).toString()).contains("http://f").doesNotContain("sesame");
        DriverPropertyInfo[] infos = new CrossfadeDriver().getPropertyInfo("jdbc:other:", given);
        assertThat(Arrays.stream(infos).map(i -> i.name)).contains("crossfade.flags.token", "crossfade.flags.apiKey");
        assertThat(Arrays.stream(infos).map(i -> i.value)).doesNotContain("sesame");
    }

    private static void assertRefused(String reason, String... pairs) {
        assertThatThrownBy(() -> settings(pairs)).isInstanceOfSatisfying(SQLException.class, e -> {
            assertThat(e.getErrorCode()).isEqualTo(CrossfadeError.CONFIGURATION.vendorCode());
            assertThat(e.getMessage()).startsWith("cannot connect: ").contains(reason);
            assertThat(e.toString() + e.getCause()).doesNotContain("sesame");
        });
    }

    private static FlagSettings settings(String... pairs) throws SQLException {
        return DriverSettings.of(properties(pairs)).flags();
    }

    private static Properties properties(String... pairs) {
        Properties properties = new Properties();
        for (int i = 0; i < pairs.length; i += 2) {
            properties.setProperty("crossfade." + pairs[i], pairs[i + 1]);
        }
        return properties;
    }
}

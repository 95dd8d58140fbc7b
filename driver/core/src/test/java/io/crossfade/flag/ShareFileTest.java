package io.crossfade.flag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.flag.FlagValue.Percent;
import io.crossfade.flag.FlagValue.Unset;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ShareFileTest {
    private static final Map<String, FlagValue> EXPECTED = Map.of(
            "orders-status", new Percent(10),
            "users-name", new Percent(100),
            "users-email", new Unset());

    @Test
    void yamlHasALineForEachChange() throws FlagException {
        String yaml = "# percent\norders-status: 10   # a tenth\nusers-name: true\nusers-email: null\n";
        assertThat(ShareFile.read("shares.yaml", yaml).values()).isEqualTo(EXPECTED);
        assertThat(ShareFile.read("shares", yaml.replace("\n", "\r\n")).values())
                .isEqualTo(EXPECTED);
    }

    @Test
    void jsonIsReadByTheNameOfTheFile() throws FlagException {
        String json = "{\n\t\"orders-status\": 10,\n\t\"users-name\": true, \"users-email\": null}";
        assertThat(ShareFile.read("shares.JSON", json).values()).isEqualTo(EXPECTED);
    }

    @Test
    void everyBeginningOfAFileGivesNoValueThatIsNotInIt() {
        assertNoWrongValue("shares.yaml", "orders-status: 10\nusers-name: true\nusers-email: null\n");
        assertNoWrongValue("shares.yaml", "{orders-status: 10, users-name: true, users-email: null}\n");
        assertNoWrongValue("shares.json", "{\"orders-status\": 10, \"users-name\": true, \"users-email\": null}");
    }

    @Test
    void whatIsNoFileOfSharesIsRefusedWithAReason() {
        assertRefused("s.yaml", "", "it is empty");
        assertRefused("s.yaml", "orders-status: 10", "half written");
        assertRefused("s.yaml", "orders-status: [\n", "not YAML: line 2");
        assertRefused("s.yaml", "a: 1\na: 2\n", "not YAML");
        assertRefused("s.yaml", "- orders-status\n", "holds no entries");
        assertRefused("s.yaml", "<html>\n", "holds no entries");
        assertRefused("s.json", "{\"a\": 1,", "not JSON: line 1");
        assertRefused("s.json", "{\"a\": 1} {\"a\": 2}", "something follows");
        assertRefused("s.json", "{\"a\": 1, \"a\": 2}", "not JSON");
        assertRefused("s.json", "[".repeat(100_000), "not JSON");
        assertRefused("s.json", "{\"a\": " + "9".repeat(1000) + "}", "not JSON");
        assertRefused("s.yaml", "a: &a [1]\n" + "b: *a\n".repeat(2), "not YAML");
        StringBuilder many = new StringBuilder();
        for (int i = 0; i <= FlagAnswer.FLAGS_MAX; i++) {
            many.append("change-").append(i).append(": 1\n");
        }
        assertRefused("s.yaml", many.toString(), "more than 1000");
    }

    private static void assertNoWrongValue(String name, String whole) {
        for (int end = 0; end < whole.length(); end++) {
            try {
                ShareFile.read(name, whole.substring(0, end)).values().forEach((change, value) -> assertThat(value)
                        .isEqualTo(EXPECTED.get(change)));
            } catch (FlagException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
    }

    private static void assertRefused(String name, String text, String reason) {
        assertThatThrownBy(() -> ShareFile.read(name, text))
                .isInstanceOf(FlagException.class)
                .hasMessageContaining(reason);
    }
}

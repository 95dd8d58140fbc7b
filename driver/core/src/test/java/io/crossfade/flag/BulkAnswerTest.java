package io.crossfade.flag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.flag.FlagValue.Percent;
import io.crossfade.flag.FlagValue.Unset;
import io.crossfade.flag.FlagValue.Wrong;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BulkAnswerTest {
    private static final String BODY =
            """
            {"flags": [
              {"key": "crossfade.a", "value": 10, "reason": "STATIC", "variant": "ten", "metadata": {"x": [1, {}]}},
              {"key": "crossfade.b", "value": true},
              {"key": "crossfade.c", "reason": "DEFAULT"},
              {"key": "crossfade.d", "value": "10"},
              {"key": "crossfade.e", "errorCode": "PARSE_ERROR", "errorDetails": "secret"},
              {"key": "crossfade.f", "errorCode": {"secret": 1}},
              {"key": "crossfade.", "value": 10},
              {"key": "banner", "value": "hello"},
              {"value": 10}, 7, null
            ], "metadata": {}}""";

    @Test
    void flagsOfOurPrefixAreReadAndOthersPassedOver() throws FlagException {
        assertThat(BulkAnswer.read(BODY, "crossfade.").values())
                .isEqualTo(Map.of(
                        "a", new Percent(10),
                        "b", new Percent(100),
                        "c", new Unset(),
                        "d", new Wrong("a text"),
                        "e", new Wrong("the error PARSE_ERROR"),
                        "f", new Wrong("the error without a code")));
        assertThat(BulkAnswer.read(BODY, "other.").values()).isEmpty();
    }

    @Test
    void answerWithoutFlagsIsNone() {
        for (String body :
                new String[] {"", "{}", "[]", "{\"flags\": {}}", "<html>", BODY.substring(0, 200), BODY + "}"}) {
            assertThatThrownBy(() -> BulkAnswer.read(body, "crossfade.")).isInstanceOf(FlagException.class);
        }
    }
}

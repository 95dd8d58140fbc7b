package io.crossfade.flag;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The body of an answer to OFREP's bulk evaluation (OpenFeature Remote Evaluation Protocol 0.3, {@code POST
 * /ofrep/v1/evaluate/flags}).
 *
 * <pre>
 * {"flags": [{"key": "crossfade.orders-status", "value": 10, "reason": "STATIC"},
 *            {"key": "crossfade.users-name", "reason": "DEFAULT"},
 *            {"key": "crossfade.users-email", "errorCode": "PARSE_ERROR"}]}
 *        →  orders-status: 10 percent; users-name: left to us; users-email: wrong
 * </pre>
 */
public final class BulkAnswer {

    private BulkAnswer() {}

    /**
     * Reads the body.
     *
     * @param prefix what stands before the id of a change in the flag's key; flags of other names are passed over
     */
    public static FlagAnswer read(String body, String prefix) throws FlagException {
        if (!(JsonText.read(body) instanceof Map<?, ?> answer) || !(answer.get("flags") instanceof List<?> flags)) {
            throw new FlagException("it holds no list of flags");
        }
        Map<String, FlagValue> values = new HashMap<>();
        for (Object item : flags) {
            if (item instanceof Map<?, ?> flag
                    && flag.get("key") instanceof String key
                    && key.startsWith(prefix)
                    && key.length() > prefix.length()) {
                values.put(key.substring(prefix.length()), value(flag));
            }
        }
        if (values.size() > FlagAnswer.FLAGS_MAX) {
            throw new FlagException(
                    "it holds more than " + FlagAnswer.FLAGS_MAX + " flags whose keys begin with \"" + prefix + "\"");
        }
        return new FlagAnswer(values);
    }

    private static FlagValue value(Map<?, ?> flag) {
        Object error = flag.get("errorCode");
        return error == null ? FlagValue.of(flag.get("value")) : new FlagValue.Wrong("the error " + word(error));
    }

    /** Error codes are words; what is not one is not put into a log. */
    private static String word(Object error) {
        String text = error.toString();
        return text.matches("[A-Z_]{1,64}") ? text : "without a code";
    }
}

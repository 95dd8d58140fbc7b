package io.crossfade.flag;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.Map;
import java.util.TreeMap;

/**
 * The body of a request to OFREP's bulk evaluation.
 *
 * <pre>
 * {"context":{"targetingKey":"shop","host":"web-1"}}
 * </pre>
 */
public final class BulkQuestion {

    private BulkQuestion() {}

    /** The body, with the attributes in the order of their names. */
    public static String write(String targetingKey, Map<String, String> attributes) {
        StringBuilder json = new StringBuilder("{\"context\":{\"targetingKey\":").append(quoted(targetingKey));
        new TreeMap<>(attributes)
                .forEach((name, value) ->
                        json.append(',').append(quoted(name)).append(':').append(quoted(value)));
        return json.append("}}").toString();
    }

    private static String quoted(String text) {
        return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
    }
}

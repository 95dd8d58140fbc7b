package io.crossfade.flag;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a JSON text into maps, lists, texts, numbers and booleans. What follows the first value must be blank, so that a text
 * that was cut off or glued together is never taken for a whole one. Safe for many threads.
 */
final class JsonText {

    /** Objects within objects; an answer of flags has four. Judged, not measured. */
    private static final int DEPTH_MAX = 32;

    /** Digits of a number; a percentage has three. Judged, not measured. */
    private static final int DIGITS_MAX = 40;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEPTH_MAX)
                    .maxNumberLength(DIGITS_MAX)
                    .build())
            .build();

    private JsonText() {}

    static @Nullable Object read(String text) throws FlagException {
        try (JsonParser parser = FACTORY.createParser(text)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw new FlagException("it is empty");
            }
            Object value = value(parser, first);
            if (parser.nextToken() != null) {
                throw new FlagException("it is not JSON: something follows the first value");
            }
            return value;
        } catch (JsonProcessingException e) {
            throw new FlagException("it is not JSON" + place(e.getLocation()));
        } catch (IOException e) {
            throw new FlagException("it is not JSON");
        }
    }

    /** Where the parser gave up; it does not say where a bound was passed. Its message would repeat the text. */
    private static String place(@Nullable JsonLocation location) {
        return location == null ? "" : ": line " + location.getLineNr() + ", column " + location.getColumnNr();
    }

    private static @Nullable Object value(JsonParser parser, JsonToken token) throws IOException {
        return switch (token) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> list(parser);
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getNumberValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> null;
        };
    }

    private static Map<String, @Nullable Object> object(JsonParser parser) throws IOException {
        Map<String, @Nullable Object> entries = new LinkedHashMap<>();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            entries.put(name, value(parser, parser.nextToken()));
        }
        return entries;
    }

    private static List<@Nullable Object> list(JsonParser parser) throws IOException {
        List<@Nullable Object> items = new ArrayList<>();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            items.add(value(parser, token));
        }
        return items;
    }
}

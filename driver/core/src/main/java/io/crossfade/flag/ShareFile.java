package io.crossfade.flag;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * The text of a file of shares: one entry for each change, in YAML, or in JSON where the file's name ends in {@code .json}.
 *
 * <pre>
 * orders-status: 10      # ten percent of the keys read new
 * users-name: true       # all; false: none
 * users-email: null      # the control table decides
 * </pre>
 *
 * <p>A file that is written in place may be read half written, and {@code orders-status: 1} is then a right beginning of
 * {@code orders-status: 100}. So the text must end in a line end or in the bracket that closes it. A cut between two lines
 * leaves out whole flags, which keep their last good values.
 */
public final class ShareFile {

    private ShareFile() {}

    /**
     * Reads the text.
     *
     * @param name the file's name, which tells JSON from YAML
     */
    public static FlagAnswer read(String name, String text) throws FlagException {
        if (text.isBlank()) {
            throw new FlagException("it is empty; it holds one line for each change, such as orders-status: 10");
        }
        boolean isJson = name.toLowerCase(Locale.ROOT).endsWith(".json");
        if (!isJson && !text.endsWith("\n") && !text.endsWith("}")) {
            throw new FlagException("its last line has no line end, so that it may be half written; end it with one");
        }
        if (!((isJson ? JsonText.read(text) : yaml(text)) instanceof Map<?, ?> entries)) {
            throw new FlagException("it holds no entries; it holds one for each change, such as orders-status: 10");
        }
        if (entries.size() > FlagAnswer.FLAGS_MAX) {
            throw new FlagException("it holds more than " + FlagAnswer.FLAGS_MAX + " entries");
        }
        Map<String, FlagValue> values = new HashMap<>();
        entries.forEach((change, value) -> values.put(String.valueOf(change), FlagValue.of(value)));
        return new FlagAnswer(values);
    }

    private static @Nullable Object yaml(String text) throws FlagException {
        try {
            return new Load(LoadSettings.builder().setAllowDuplicateKeys(false).build()).loadFromString(text);
        } catch (MarkedYamlEngineException e) {
            throw new FlagException("it is not YAML: "
                    + e.getProblemMark()
                            .map(m -> "line " + (m.getLine() + 1) + ", column " + (m.getColumn() + 1))
                            .orElse(String.valueOf(e.getProblem())));
        } catch (YamlEngineException e) {
            throw new FlagException("it is not YAML");
        }
    }
}

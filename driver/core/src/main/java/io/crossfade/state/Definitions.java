package io.crossfade.state;

import io.crossfade.model.Change;
import io.crossfade.model.ChangeFile;
import io.crossfade.model.Table;
import io.crossfade.model.TableText;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * The changes and tables that the control tables hold as texts, each text read once: it stays as it is from the opening of its
 * change to the end, and is met at every look. Safe for many threads.
 */
final class Definitions {

    /** More texts than one process has changes open. Judged, not measured. */
    private static final int TEXTS_MAX = 64;

    private static final Map<String, Change> CHANGES = recent();
    private static final Map<String, Table> TABLES = recent();

    private Definitions() {}

    static Change change(String text) {
        return known(CHANGES, text, ChangeFile::read);
    }

    static Table table(String text) {
        return known(TABLES, text, TableText::read);
    }

    private static <T> T known(Map<String, T> texts, String text, Function<String, T> read) {
        synchronized (texts) {
            return texts.computeIfAbsent(text, read);
        }
    }

    private static <T> Map<String, T> recent() {
        return new LinkedHashMap<>(TEXTS_MAX, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, T> eldest) {
                return size() > TEXTS_MAX;
            }
        };
    }
}

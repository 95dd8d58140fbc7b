package io.crossfade.cli.alter;

import io.crossfade.migrator.ghost.TableAlter;
import io.crossfade.model.TableName;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A change as users write it: with or without {@code ALTER TABLE t} before it. */
final class AlterText {
    private static final String NAME = "(?:`((?:[^`]|``)+)`|([\\p{L}\\p{N}_$]+))";

    private static final Pattern WHOLE = Pattern.compile(
            "ALTER\\s+TABLE\\s+(?:" + NAME + "\\s*\\.\\s*)?" + NAME + "\\s+(.*)",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    /** {@code shop.orders}, of which either may stand in backticks. */
    private static final Pattern PLACE =
            Pattern.compile("(?:(?:`((?:[^`]|``)+)`|([^`.]+))\\.)?(?:`((?:[^`]|``)+)`|([^`.]+))");

    private AlterText() {}

    /**
     * Joins what the flags say with what the text says. Beside a database the table is its bare name, whatever characters that has, as
     * gh-ost takes it.
     *
     * @param database empty where it is not named; then the table may be {@code db.t}
     * @param table empty where it is not named
     */
    static TableAlter ofFlags(String database, String table, String alter) {
        return whole(ofKnown(database, table, alter));
    }

    /** The same where the change may be left out, since a checkpoint of the table tells it. */
    static TableAlter ofKnown(String database, String table, String alter) {
        return database.isEmpty() ? read(database, table, alter) : join(database, table, alter);
    }

    /**
     * Joins what the flags say with what the text says.
     *
     * @param database empty where it is not named
     * @param table {@code t} or {@code db.t}; empty where it is not named
     */
    static TableAlter of(String database, String table, String alter) {
        return whole(read(database, table, alter));
    }

    private static TableAlter whole(TableAlter read) {
        if (read.alter().isEmpty()) {
            throw new IllegalArgumentException(
                    "cannot change " + read.table() + ": --alter is empty; give what stands behind ALTER TABLE t");
        }
        return read;
    }

    private static TableAlter read(String database, String table, String alter) {
        Matcher place = PLACE.matcher(table);
        if (!place.matches()) {
            return join(database, table, alter);
        }
        String schema = group(place, 1);
        return join(schema.isEmpty() ? database : schema, group(place, 3), alter);
    }

    private static TableAlter join(String database, String table, String alter) {
        String schema = database;
        String name = table;
        String text = alter.strip().replaceFirst(";$", "").strip();
        Matcher whole = WHOLE.matcher(text);
        if (whole.matches()) {
            schema = agreed("database", schema, group(whole, 1));
            name = agreed("table", name, group(whole, 3));
            text = String.valueOf(whole.group(5)).strip();
        }
        if (schema.isEmpty() || name.isEmpty()) {
            throw new IllegalArgumentException("cannot change a table that is not named; give --database and --table");
        }
        return new TableAlter(new TableName(schema, name), text);
    }

    private static String group(Matcher whole, int first) {
        String quoted = whole.group(first);
        String plain = whole.group(first + 1);
        return quoted != null ? quoted.replace("``", "`") : plain != null ? plain : "";
    }

    private static String agreed(String what, String flag, @Nullable String text) {
        if (text == null || text.isEmpty()) {
            return flag;
        }
        if (!flag.isEmpty() && !flag.equals(text)) {
            throw new IllegalArgumentException("the " + what + " is \"" + flag + "\" by flag and \"" + text
                    + "\" in --alter; name the same, or leave one out");
        }
        return text;
    }
}

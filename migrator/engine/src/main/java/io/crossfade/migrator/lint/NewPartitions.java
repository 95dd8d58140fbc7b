package io.crossfade.migrator.lint;

import io.crossfade.dialect.Dialect;
import io.crossfade.migrator.ghost.ColumnPair;
import io.crossfade.migrator.ghost.TableChange;
import io.crossfade.migrator.mysql.TablePartitions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Partitions that the new table has and the old one has not: a row that fits none would stop the copy. Every unique key holds the
 * columns that decide, so they are of the key by which rows are told apart: they are copied, keep their order, and NULL in them is
 * refused already.
 */
final class NewPartitions {

    /** A column, or what these functions make of it: they fail for no value. */
    private static final Pattern PLAIN = Pattern.compile(
            "(?i)\\s*(?:(to_days|to_seconds|year)\\s*\\(\\s*)?(?:`([^`]+)`|([a-z_][a-z0-9_]*))\\s*(\\))?\\s*");

    private static final String REMEDY = "add a partition that takes them, or mend these rows first";

    private final Dialect dialect;
    private final TableChange change;
    private final TablePartitions before;
    private final TablePartitions after;

    private NewPartitions(Dialect dialect, TableChange change, TablePartitions before, TablePartitions after) {
        this.dialect = dialect;
        this.change = change;
        this.before = before;
        this.after = after;
    }

    static NewPartitions of(Connection connection, Dialect dialect, TableChange change) throws SQLException {
        return new NewPartitions(
                dialect,
                change,
                TablePartitions.of(connection, dialect, change.source().name()),
                TablePartitions.of(connection, dialect, change.ghost().name()));
    }

    /** What the rows can be asked. */
    List<Question> questions() {
        return isOpen()
                ? condition().map(c -> new Question("(" + c + ")", "fit none of the " + named(), REMEDY)).stream()
                        .toList()
                : List.of();
    }

    /** What is left to the copy. */
    List<Finding> findings() {
        return isOpen() && condition().isEmpty()
                ? List.of(Finding.warn(
                        "the " + named()
                                + " are new and do not take every value: whether every row fits one is not to be seen"
                                + " beforehand",
                        "a row that fits none stops the run"))
                : List.of();
    }

    private boolean isOpen() {
        return !after.takeAll() && !after.equals(before);
    }

    private String named() {
        String expression = after.expression().replace("`", "");
        boolean isWrapped = expression.startsWith("(") && expression.endsWith(")");
        return "partitions by " + after.method() + " " + (isWrapped ? expression : "(" + expression + ")");
    }

    /** True for a row that fits none; empty where that is not as simple as this. */
    private Optional<String> condition() {
        Matcher plain = PLAIN.matcher(after.expression());
        // How a backslash is meant depends on the session that made the table.
        boolean isPlain = plain.matches()
                && (plain.group(1) == null) == (plain.group(4) == null)
                && after.bounds().stream().noneMatch(b -> b.contains("\\"));
        if (!isPlain) {
            return Optional.empty();
        }
        String name = plain.group(2) == null ? plain.group(3) : plain.group(2);
        return pair(name).map(pair -> {
            String column = dialect.quote(pair.source().name());
            String value = plain.group(1) == null ? column : plain.group(1) + "(" + column + ")";
            List<String> bounds = after.bounds();
            return after.method().startsWith("RANGE")
                    ? value + " >= " + bounds.get(bounds.size() - 1)
                    // NULL may be in the list.
                    : "(" + value + " IN (" + String.join(", ", bounds) + ")) IS NOT TRUE";
        });
    }

    private Optional<ColumnPair> pair(String ghostColumn) {
        return change.pairs().stream()
                .filter(p -> p.ghost().name().equalsIgnoreCase(ghostColumn))
                .findFirst();
    }
}

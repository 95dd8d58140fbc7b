package io.crossfade.migrator.lint;

import io.crossfade.dialect.SqlMode;
import io.crossfade.dialect.Tokens;
import io.crossfade.migrator.ghost.ColumnPair;
import io.crossfade.migrator.ghost.TableChange;
import io.crossfade.migrator.mysql.AlterText;
import io.crossfade.migrator.mysql.Server;
import io.crossfade.migrator.mysql.TableCheck;
import io.crossfade.model.Column;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * CHECKs that rows of the old table may not pass in the new one: those that it has not, and those that stay over a column whose type
 * changes. Such a row would stop the copy.
 */
final class Checks {
    /** What MariaDB gives a JSON column by itself: it reads the text as it stands. */
    private static final Pattern JSON_VALID = Pattern.compile("(?i)\\s*json_valid\\s*\\(`(?:[^`]|``)+`\\)\\s*");

    /** A BINARY is filled up. */
    private static final Set<String> VARIABLE_BYTES =
            Losses.BYTES.stream().filter(t -> !t.equals("binary")).collect(Collectors.toUnmodifiableSet());

    private final Server server;
    private final AlterText text;
    private final TableChange change;
    private final List<Question> questions = new ArrayList<>();
    private final List<Finding> findings = new ArrayList<>();

    private Checks(Server server, AlterText text, TableChange change) {
        this.server = server;
        this.text = text;
        this.change = change;
    }

    static Checks of(Connection connection, Server server, AlterText text, TableChange change) throws SQLException {
        Checks checks = new Checks(server, text, change);
        List<TableCheck> before = new ArrayList<>(
                TableCheck.of(connection, server, change.source().name()));
        before.sort(Comparator.comparing(TableCheck::isEnforced).reversed());
        for (TableCheck check : TableCheck.of(connection, server, change.ghost().name())) {
            TableCheck was = before.stream()
                    .filter(b -> b.clause().equals(check.clause()))
                    .findFirst()
                    .orElse(null);
            before.remove(was);
            if (check.isEnforced()) {
                checks.look(check, was);
            }
        }
        return checks;
    }

    /** What the rows can be asked. */
    List<Question> questions() {
        return questions;
    }

    /** What is left to the copy. */
    List<Finding> findings() {
        return findings;
    }

    /**
     * @param was the same one on the old table; null where it has none
     */
    private void look(TableCheck check, @Nullable TableCheck was) {
        Tokens tokens = server.dialect().lex(check.sql(), SqlMode.DEFAULT);
        List<String> columns = change.ghost().columns().stream()
                .map(Column::name)
                .filter(c -> Gone.names(tokens, c))
                .toList();
        List<String> retyped = change.pairs().stream()
                .filter(p -> columns.contains(p.ghost().name()) && !readsAlike(check, p))
                .map(p -> "\"" + p.ghost().name() + "\"")
                .toList();
        // One of a renamed column is the same, in the words of the new name.
        boolean stays = was != null
                ? was.isEnforced()
                : text.renames().values().stream().anyMatch(r -> Gone.names(tokens, r.to()));
        if (stays && retyped.isEmpty()) {
            return;
        }
        String named = named(check, was);
        String since = stays ? "stays" : was != null ? "is enforced from now on" : "is new";
        if (columns.stream().allMatch(this::isKept) && retyped.isEmpty()) {
            questions.add(new Question(
                    "(" + check.sql() + ") IS FALSE",
                    "do not pass " + named + ", which " + since,
                    "mend these rows first, or let the CHECK pass them"));
        } else {
            findings.add(Finding.warn(
                    named
                            + " " + since
                            + " and names "
                            + (retyped.isEmpty()
                                    ? "a column that is new or computed"
                                    : String.join(", ", retyped) + ", whose type changes")
                            + ": whether every row passes is not to be seen beforehand",
                    "a row that does not stops the run"));
        }
    }

    /** By its name, unless that is one which the server made up for the ghost. */
    private String named(TableCheck check, @Nullable TableCheck was) {
        if (!check.name().startsWith(change.ghost().name().table())) {
            return "CHECK \"" + check.name() + "\"";
        }
        return was == null ? "CHECK " + check.sql() : "CHECK \"" + was.name() + "\"";
    }

    /**
     * Whether the old value tells what becomes of the new one. Texts compare by their collation, numbers and days in ways of their own; an
     * unsigned number may not become negative on the way.
     */
    private static boolean readsAlike(TableCheck check, ColumnPair pair) {
        Column from = pair.source();
        Column to = pair.ghost();
        boolean isText = isOne(Losses.TEXTS, from, to);
        if (pair.isSameType() || (isText && JSON_VALID.matcher(check.sql()).matches())) {
            return true;
        }
        Numbers was = Numbers.of(from);
        Numbers becomes = Numbers.of(to);
        if (was.isExact() && becomes.isExact()) {
            boolean isPlain = Stream.of(from, to)
                    .noneMatch(
                            c -> c.baseType().equals("year") || lower(c.type()).contains("zerofill"));
            return isPlain
                    && was.isInteger() == becomes.isInteger()
                    && was.scale() == becomes.scale()
                    && was.min().signum() == becomes.min().signum();
        }
        return (isText
                        && Objects.equals(from.charset(), to.charset())
                        && Objects.equals(from.collation(), to.collation()))
                || isOne(VARIABLE_BYTES, from, to);
    }

    private static boolean isOne(Set<String> kind, Column from, Column to) {
        return kind.contains(from.baseType()) && kind.contains(to.baseType());
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    private boolean isKept(String column) {
        return change.pairs().stream()
                .anyMatch(p -> p.ghost().name().equalsIgnoreCase(column)
                        && p.source().name().equalsIgnoreCase(column));
    }
}

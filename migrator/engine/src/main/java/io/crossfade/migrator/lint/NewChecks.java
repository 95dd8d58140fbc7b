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
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** CHECKs that the new table has and the old one has not: a row that does not pass one would stop the copy. */
final class NewChecks {
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

    private NewChecks(Server server, AlterText text, TableChange change) {
        this.server = server;
        this.text = text;
        this.change = change;
    }

    static NewChecks of(Connection connection, Server server, AlterText text, TableChange change) throws SQLException {
        NewChecks checks = new NewChecks(server, text, change);
        List<String> before = new ArrayList<>();
        Map<String, String> asleep = new HashMap<>();
        for (TableCheck check :
                TableCheck.of(connection, server, change.source().name())) {
            if (check.isEnforced()) {
                before.add(check.clause());
            } else {
                asleep.put(check.clause(), check.name());
            }
        }
        for (TableCheck check : TableCheck.of(connection, server, change.ghost().name())) {
            if (!before.remove(check.clause()) && check.isEnforced()) {
                checks.look(check, asleep.get(check.clause()));
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
     * @param asleep what it is called on the old table, where it is there but not enforced; null where it is not
     */
    private void look(TableCheck check, @Nullable String asleep) {
        Tokens tokens = server.dialect().lex(check.sql(), SqlMode.DEFAULT);
        if (text.renames().values().stream().anyMatch(r -> Gone.names(tokens, r.to()))) {
            return; // The same one, in the words of the new name.
        }
        boolean hasName = !check.name().startsWith(change.ghost().name().table());
        String shown = hasName ? check.name() : asleep;
        String named = "CHECK " + (shown == null ? check.sql() : "\"" + shown + "\"");
        String since = asleep == null ? "is new" : "is enforced from now on";
        List<String> columns = change.ghost().columns().stream()
                .map(Column::name)
                .filter(c -> Gone.names(tokens, c))
                .toList();
        List<String> retyped = change.pairs().stream()
                .filter(p -> columns.contains(p.ghost().name()) && !readsAlike(check, p))
                .map(p -> "\"" + p.ghost().name() + "\"")
                .toList();
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

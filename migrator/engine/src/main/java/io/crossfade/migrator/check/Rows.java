package io.crossfade.migrator.check;

import io.crossfade.dialect.Dialect;
import io.crossfade.dialect.Sides;
import io.crossfade.migrator.chunk.KeyRange;
import io.crossfade.migrator.chunk.Position;
import io.crossfade.model.Column;
import io.crossfade.model.Expression;
import io.crossfade.model.Fact;
import io.crossfade.model.Mapping;
import io.crossfade.model.MappingKind;
import io.crossfade.model.NewColumn;
import io.crossfade.model.OldColumn;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Rows that the change as declared cannot carry over: counted over the whole table in plain reads, range by range, with a
 * few keys each. Values are never shown.
 */
public final class Rows implements Check {

    /** Long enough to be quick, short enough to hold no snapshot for long. Judged, not measured. */
    private static final int CHUNK_ROWS = 20_000;

    private static final int KEYS_MAX = 5;

    /** A question about each row. */
    public record Question(String condition, boolean isFatal, String seen, String todo) {}

    /** How many rows answer yes, and some of their keys. */
    public record Answer(Question question, long rows, List<String> keys) {

        public Answer {
            keys = List.copyOf(keys);
        }
    }

    @Override
    public List<Finding> look(Subject subject) throws SQLException {
        List<Finding> findings = new ArrayList<>();
        for (Answer answer : ask(subject, questions(subject))) {
            if (answer.question().isFatal() && answer.rows() > 0) {
                findings.add(Finding.fatal(
                        answer.rows() + " rows " + answer.question().seen() + ", among them "
                                + String.join("; ", answer.keys()),
                        answer.question().todo()));
            }
        }
        return findings;
    }

    /** All questions about a change's rows, the fatal ones and those that are only worth knowing. */
    public static List<Question> questions(Subject subject) {
        List<Question> questions = new ArrayList<>();
        Dialect dialect = subject.server().dialect();
        UnaryOperator<String> quoted = Sides.quoted(dialect, "");
        for (Mapping mapping : subject.change().mappings()) {
            if (mapping.isIdentity() || mapping.kind() == MappingKind.ADD) {
                continue;
            }
            Sides sides = new Sides(dialect, mapping, subject.table());
            String noOld = mapping.olds().isEmpty()
                    ? "FALSE"
                    : mapping.olds().stream()
                            .map(o -> quoted.apply(o.name()) + " IS NULL")
                            .collect(Collectors.joining(" OR "));
            boolean isOldMandatory =
                    mapping.olds().stream().noneMatch(o -> sides.oldColumn(o).nullable());
            for (NewColumn column : mapping.news()) {
                String up = sides.up(column, quoted);
                boolean breaksNotNull =
                        isOldMandatory && (mapping.kind() == MappingKind.RETYPE || mapping.kind() == MappingKind.MERGE);
                questions.add(new Question(
                        "NOT (" + noOld + ") AND " + up + " IS NULL",
                        breaksNotNull,
                        "have a value that up of \"" + column.name() + "\" makes NULL of"
                                + (breaksNotNull ? ", and the old column is NOT NULL" : ""),
                        "mend these rows, or let up give a value for them"));
                fits(sides, column, up, dialect).ifPresent(questions::add);
            }
            if (mapping.kind().replacesOld()) {
                String lost = lost(sides, quoted, dialect);
                questions.add(new Question(
                        lost,
                        mapping.facts().contains(Fact.LOSSLESS),
                        "would not come back as they were through down(up(…)) of "
                                + mapping.olds().stream()
                                        .map(o -> "\"" + o.name() + "\"")
                                        .collect(Collectors.joining(", "))
                                + (mapping.facts().contains(Fact.LOSSLESS) ? ", which is stated to be lossless" : ""),
                        "take the fact lossless out of the change file, or mend the expressions"));
            }
        }
        return questions;
    }

    /** Rows whose new value the column would not keep as it is: too long, rounded, cut off. */
    private static Optional<Question> fits(Sides sides, NewColumn column, String up, Dialect dialect) {
        Column model = sides.newColumn(column);
        String stored = dialect.cast(up, model);
        if (stored == null || model.baseType().equals("json")) {
            return Optional.empty();
        }
        return Optional.of(new Question(
                "NOT " + dialect.same(stored, up, model),
                true,
                "have a new value that \"" + column.name() + " " + column.type() + "\" does not keep as it is",
                "choose a type that holds it, or let up cut or round it"));
    }

    private static String lost(Sides sides, UnaryOperator<String> quoted, Dialect dialect) {
        UnaryOperator<String> ups = stored(sides, quoted, dialect);
        List<String> terms = new ArrayList<>();
        for (OldColumn old : sides.mapping().olds()) {
            Expression down = old.down();
            if (down != null) {
                terms.add(dialect.same(quoted.apply(old.name()), dialect.render(down, ups), sides.oldColumn(old)));
            }
        }
        return terms.isEmpty() ? "FALSE" : "NOT (" + String.join(" AND ", terms) + ")";
    }

    /** A naming that gives for a new column what it will hold, computed from the old ones. */
    static UnaryOperator<String> stored(Sides sides, UnaryOperator<String> quoted, Dialect dialect) {
        return name -> sides.mapping().news().stream()
                .filter(n -> n.name().equalsIgnoreCase(name))
                .findFirst()
                .map(n -> {
                    String up = sides.up(n, quoted);
                    String cast = dialect.cast(up, sides.newColumn(n));
                    return cast == null ? up : cast;
                })
                .orElse(dialect.quote(name));
    }

    /** Asks all questions in one pass over the table. */
    public static List<Answer> ask(Subject subject, List<Question> questions) throws SQLException {
        long[] rows = new long[questions.size()];
        List<List<String>> keys = new ArrayList<>();
        questions.forEach(q -> keys.add(new ArrayList<>()));
        Optional<List<String>> end =
                questions.isEmpty() ? Optional.empty() : subject.key().last(subject.connection());
        if (end.isPresent()) {
            Position at = new Position(List.of(), end.get());
            while (!at.done().equals(at.end())) {
                subject.cancel().check();
                KeyRange range = subject.key().next(subject.connection(), at.done(), at.end(), CHUNK_ROWS);
                count(subject, questions, range, rows, keys);
                at = at.at(range.upTo());
            }
        }
        List<Answer> answers = new ArrayList<>();
        for (int i = 0; i < rows.length; i++) {
            answers.add(new Answer(questions.get(i), rows[i], keys.get(i)));
        }
        return answers;
    }

    private static void count(
            Subject subject, List<Question> questions, KeyRange range, long[] rows, List<List<String>> keys)
            throws SQLException {
        String from =
                " FROM " + subject.key().indexed() + " WHERE " + subject.key().where(range);
        String sums = questions.stream()
                .map(q -> "COALESCE(SUM(" + q.condition() + "), 0)")
                .collect(Collectors.joining(", "));
        try (Statement s = subject.connection().createStatement()) {
            long[] here = new long[rows.length];
            try (ResultSet r = s.executeQuery("SELECT " + sums + from)) {
                r.next();
                for (int i = 0; i < rows.length; i++) {
                    here[i] = r.getLong(i + 1);
                    rows[i] += here[i];
                }
            }
            for (int i = 0; i < rows.length; i++) {
                if (here[i] > 0 && keys.get(i).size() < KEYS_MAX) {
                    try (ResultSet r = s.executeQuery("SELECT " + subject.key().selected() + from + " AND "
                            + questions.get(i).condition() + " LIMIT "
                            + (KEYS_MAX - keys.get(i).size()))) {
                        while (r.next()) {
                            keys.get(i).add(subject.key().shown(subject.key().read(r)));
                        }
                    }
                }
            }
        }
    }
}

package io.crossfade.migrator.check;

import io.crossfade.dialect.Dialect;
import io.crossfade.dialect.Sides;
import io.crossfade.model.Expression;
import io.crossfade.model.Mapping;
import io.crossfade.model.OldColumn;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** What old code would see from complete on, where that is not what it sees now: {@code '007'} becomes {@code '7'}. */
public final class LossyExamples {

    private static final int EXAMPLES_MAX = 5;

    private LossyExamples() {}

    /** One value of one row. */
    public record Example(String key, String now, String then) {}

    /** Some examples for each lossy mapping. */
    public static List<Example> of(Subject subject) throws SQLException {
        List<Example> examples = new ArrayList<>();
        for (Mapping mapping : subject.change().mappings()) {
            if (mapping.isLossy()) {
                of(subject, mapping, examples);
            }
        }
        return examples;
    }

    private static void of(Subject subject, Mapping mapping, List<Example> examples) throws SQLException {
        Dialect dialect = subject.server().dialect();
        UnaryOperator<String> quoted = Sides.quoted(dialect, "");
        Sides sides = new Sides(dialect, mapping, subject.table());
        for (OldColumn old : mapping.olds()) {
            Expression down = old.down();
            if (down == null) {
                continue;
            }
            String back = dialect.render(down, Rows.stored(sides, quoted, dialect));
            String same = dialect.same(quoted.apply(old.name()), back, sides.oldColumn(old));
            String sql = "SELECT " + subject.key().selected() + ", QUOTE(" + quoted.apply(old.name()) + "), QUOTE("
                    + back + ") FROM " + subject.key().indexed() + " WHERE NOT " + same + " LIMIT " + EXAMPLES_MAX;
            int columns = subject.key().columns().size();
            try (Statement s = subject.connection().createStatement();
                    ResultSet r = s.executeQuery(sql)) {
                while (r.next()) {
                    examples.add(new Example(
                            subject.key().shown(subject.key().read(r)) + " " + old.name(),
                            r.getString(columns + 1),
                            r.getString(columns + 2)));
                }
            }
        }
    }
}

package io.crossfade.migrator.check;

import io.crossfade.model.Column;
import io.crossfade.model.Mapping;
import io.crossfade.model.NewColumn;
import java.util.ArrayList;
import java.util.List;

/** New columns whose values cannot be compared exactly with what {@code up} gives. */
final class Comparability implements Check {

    @Override
    public List<Finding> look(Subject subject) {
        List<Finding> findings = new ArrayList<>();
        for (Mapping mapping : subject.change().mappings()) {
            for (NewColumn column : mapping.news()) {
                String type = column.type();
                if (type != null && Column.plain(column.name(), type).baseType().equals("float")) {
                    findings.add(Finding.warning(
                            "new column " + column.name() + " is FLOAT, which does not keep what up gives, so that the"
                                    + " verification may find differences that are none",
                            "use DOUBLE or DECIMAL"));
                }
            }
        }
        return findings;
    }
}

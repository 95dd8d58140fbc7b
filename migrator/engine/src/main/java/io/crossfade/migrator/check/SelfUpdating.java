package io.crossfade.migrator.check;

import io.crossfade.model.Column;
import java.util.List;

/** ON UPDATE CURRENT_TIMESTAMP on a changing column: the server itself would write one side and not the other. */
final class SelfUpdating implements Check {

    @Override
    public List<Finding> look(Subject subject) {
        return subject.table().columns().stream()
                .filter(Column::onUpdateNow)
                .filter(c -> subject.written().contains(c.name()))
                .map(c -> Finding.fatal(
                        "column " + c.name()
                                + " is set by the server at every update (ON UPDATE CURRENT_TIMESTAMP), past every statement",
                        "take ON UPDATE off it and let the application write it"))
                .toList();
    }
}

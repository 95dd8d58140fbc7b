package io.crossfade.samples.shop.app;

import java.util.EnumSet;
import java.util.Set;

/**
 * A version of the shop's code: for each schema change, whether the code was written before or after it. Immutable.
 *
 * @param knows the changes that the code was written after
 */
public record CodeVersion(Set<SchemaChange> knows) {
    /** The code before any change. */
    public static final CodeVersion FIRST = new CodeVersion(Set.of());

    public CodeVersion {
        knows = Set.copyOf(knows);
    }

    /** The next version, which knows one change more. */
    public CodeVersion with(SchemaChange change) {
        EnumSet<SchemaChange> more = EnumSet.of(change);
        more.addAll(knows);
        return new CodeVersion(more);
    }

    public boolean knows(SchemaChange change) {
        return knows.contains(change);
    }

    /** SQL with this version's column names in place of <code>{status}</code>, <code>{handle}</code> and <code>{age}</code>. */
    String sql(String text) {
        return text.replace("{status}", knows(SchemaChange.ORDER_STATUS) ? "order_status" : "status")
                .replace("{handle}", knows(SchemaChange.USER_HANDLE) ? "user_handle" : "username")
                .replace("{age}", knows(SchemaChange.AGE) ? "age" : "age_str");
    }
}

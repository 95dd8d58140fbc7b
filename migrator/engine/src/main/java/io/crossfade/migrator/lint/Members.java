package io.crossfade.migrator.lint;

import io.crossfade.dialect.MySqlDialect;
import io.crossfade.dialect.SqlMode;
import io.crossfade.dialect.TokenKind;
import io.crossfade.dialect.Tokens;
import java.util.ArrayList;
import java.util.List;

/** The members of an ENUM or SET. */
final class Members {

    /** Any will do: a type's text holds no version's own words. */
    private static final MySqlDialect DIALECT = MySqlDialect.of("8.0.0");

    private Members() {}

    /** Its members as literals, in their order: {@code enum('a','b')} → {@code 'a'}, {@code 'b'}. */
    static List<String> of(String type) {
        // The catalog doubles quotes and escapes backslashes, whatever the session's sql_mode.
        Tokens tokens = DIALECT.lex(type, SqlMode.DEFAULT);
        List<String> members = new ArrayList<>();
        for (int i = 0; i < tokens.size(); i++) {
            if (tokens.kind(i) == TokenKind.STRING) {
                members.add(tokens.text(i));
            }
        }
        return members;
    }
}

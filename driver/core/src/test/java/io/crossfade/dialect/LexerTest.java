package io.crossfade.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.testkit.SeededRandom;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LexerTest {

    private static final int MYSQL = 80015;
    private static final SqlMode ANSI = SqlMode.of("ANSI_QUOTES,NO_BACKSLASH_ESCAPES");

    private static List<String> lex(String sql, SqlMode mode, boolean mariaDb) {
        Tokens tokens = Lexer.lex(sql, mode, mariaDb ? 110405 : MYSQL, mariaDb);
        List<String> out = new ArrayList<>();
        for (int i = 0; i < tokens.size(); i++) {
            out.add(tokens.kind(i).name().charAt(0) + ":" + tokens.text(i));
        }
        return out;
    }

    private static List<String> lex(String sql) {
        return lex(sql, SqlMode.DEFAULT, false);
    }

    @Test
    void namesStringsNumbersAndMarksAreToldApart() {
        assertThat(lex("SELECT `a``b`.c, 'it''s', \"x\", 1.5e-3, .5, 0x1F, ? FROM t2"))
                .containsExactly(
                        "W:SELECT",
                        "Q:`a``b`",
                        "S:.",
                        "W:c",
                        "S:,",
                        "S:'it''s'",
                        "S:,",
                        "S:\"x\"",
                        "S:,",
                        "N:1.5e-3",
                        "S:,",
                        "N:.5",
                        "S:,",
                        "N:0x1F",
                        "S:,",
                        "P:?",
                        "W:FROM",
                        "W:t2");
    }

    @Test
    void backslashesEscapeUnlessTheModeSaysNot() {
        assertThat(lex("'a\\' b' c")).containsExactly("S:'a\\' b'", "W:c");
        assertThat(lex("'a\\' b", ANSI, false)).containsExactly("S:'a\\'", "W:b");
    }

    @Test
    void doubleQuotesAreNamesUnderAnsiQuotes() {
        assertThat(lex("\"a\"")).containsExactly("S:\"a\"");
        assertThat(lex("\"a\"", ANSI, false)).containsExactly("Q:\"a\"");
    }

    @Test
    void commentsAreNoTokens() {
        assertThat(lex("a /* b ' */ c -- d '\n e # f '\n g --1"))
                .containsExactly("W:a", "W:c", "W:e", "W:g", "S:-", "S:-", "N:1");
    }

    @Test
    void executableCommentsAreCodeWhereTheServerRunsThem() {
        assertThat(lex("a /*!50000 b */ c /*!90000 d */")).containsExactly("W:a", "W:b", "W:c");
        assertThat(lex("a /*! b */ /*M! c */")).containsExactly("W:a", "W:b");
        assertThat(lex("a /*!50701 b */ /*!50600 c */ /*M!100100 d */", SqlMode.DEFAULT, true))
                .containsExactly("W:a", "W:c", "W:d");
        assertThat(lex("/*!50000 a /* b */ c */", SqlMode.DEFAULT, false)).contains("W:a");
    }

    @Test
    void digitsMayBeginAName() {
        assertThat(lex("2fa, t.1st, 1e5, 12"))
                .containsExactly("W:2fa", "S:,", "W:t", "S:.", "W:1st", "S:,", "N:1e5", "S:,", "N:12");
    }

    @Test
    void whatIsNotClosedIsBroken() {
        for (String sql : List.of("SELECT 'a", "SELECT `a", "SELECT /* a", "SELECT /*!50000 a")) {
            assertThat(Lexer.lex(sql, SqlMode.DEFAULT, MYSQL, false).isBroken())
                    .as(sql)
                    .isTrue();
        }
    }

    @Test
    void tokensNeverOverlapAndTheCodeKeepsItsLength() {
        SeededRandom.forAll(2_000, random -> {
            StringBuilder sql = new StringBuilder();
            for (int i = 0; i < 20; i++) {
                sql.append(random.pick(
                        "a",
                        "`b`",
                        "'c'",
                        "\"",
                        "'",
                        "`",
                        "/*",
                        "*/",
                        "/*!50000",
                        "--",
                        "-- ",
                        "#",
                        "\n",
                        "\\",
                        ".",
                        "1",
                        "e",
                        "?",
                        "@",
                        "@@x",
                        ";",
                        "(",
                        "é",
                        " "));
            }
            Tokens tokens = Lexer.lex(sql.toString(), random.pick(SqlMode.DEFAULT, ANSI), MYSQL, random.chance(50));
            assertThat(tokens.code()).hasSameSizeAs(sql);
            int end = 0;
            for (int i = 0; i < tokens.size(); i++) {
                assertThat(tokens.start(i)).isGreaterThanOrEqualTo(end);
                assertThat(tokens.end(i)).isGreaterThanOrEqualTo(tokens.start(i));
                end = tokens.end(i);
            }
            assertThat(end).isLessThanOrEqualTo(sql.length());
        });
    }
}

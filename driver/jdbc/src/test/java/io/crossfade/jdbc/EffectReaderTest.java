package io.crossfade.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.dialect.MySqlDialect;
import io.crossfade.dialect.SqlMode;
import java.util.List;
import org.junit.jupiter.api.Test;

class EffectReaderTest {

    @Test
    void ordinaryStatementsAreNotEvenLexed() {
        for (String sql : List.of(
                "SELECT ';' FROM t;",
                "INSERT INTO t VALUES (1)",
                "UPDATE t SET a = 1",
                "DELETE FROM t",
                "REPLACE INTO t VALUES (1)",
                "CALL p()",
                "")) {
            assertThat(effects(sql)).as(sql).isEmpty();
        }
        assertThat(EffectReader.mayHaveEffects("SELECT a FROM t;  ")).isFalse();
    }

    @Test
    void transactionsBegin() {
        for (String sql : List.of(
                "BEGIN",
                " begin work",
                "START TRANSACTION READ ONLY",
                "/* x */ BEGIN",
                "-- c\nBEGIN",
                "XA START 'a'")) {
            assertThat(effects(sql)).as(sql).containsExactly(new Effect.Begin());
        }
        assertThat(effects("START SLAVE")).isEmpty();
    }

    @Test
    void transactionsEnd() {
        assertThat(effects("COMMIT")).containsExactly(new Effect.End(false));
        assertThat(effects("rollback work and no chain")).containsExactly(new Effect.End(false));
        assertThat(effects("COMMIT AND CHAIN")).containsExactly(new Effect.End(true));
        assertThat(effects("ROLLBACK TO SAVEPOINT s")).isEmpty();
        assertThat(effects("XA COMMIT 'a'")).containsExactly(new Effect.End(false));
        assertThat(effects("XA PREPARE 'a'")).isEmpty();
    }

    @Test
    void settingsAreSeen() {
        assertThat(effects("SET autocommit=0")).containsExactly(new Effect.AutoCommit(false));
        assertThat(effects("SET @@session.autocommit = ON")).containsExactly(new Effect.AutoCommit(true));
        assertThat(effects("SET @@autocommit := 1")).containsExactly(new Effect.AutoCommit(true));
        assertThat(effects("SET GLOBAL autocommit = 0")).isEmpty();
        assertThat(effects("SET NAMES utf8mb4, sql_mode = ''")).containsExactly(new Effect.ModeSet());
        assertThat(effects("SET time_zone = '+00:00'")).isEmpty();
        assertThat(effects("USE `my db`")).containsExactly(new Effect.Use("my db"));
    }

    @Test
    void severalStatementsHaveTheirEffectsInOrder() {
        assertThat(effects("INSERT INTO t VALUES (';'); BEGIN; UPDATE t SET a=1; COMMIT"))
                .containsExactly(new Effect.Begin(), new Effect.End(false));
    }

    private static List<Effect> effects(String sql) {
        return EffectReader.effects(sql, SqlMode.DEFAULT, MySqlDialect.of("8.0.15"));
    }
}

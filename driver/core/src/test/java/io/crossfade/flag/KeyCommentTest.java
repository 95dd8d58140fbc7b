package io.crossfade.flag;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.dialect.Dialect;
import io.crossfade.dialect.MySqlDialect;
import io.crossfade.dialect.SqlMode;
import org.junit.jupiter.api.Test;

class KeyCommentTest {
    private static final Dialect DIALECT = MySqlDialect.of("8.0.15");

    @Test
    void sqlcommenterFormIsRead() {
        assertThat(key("SELECT 1 /*crossfade.key='customer-42'*/")).isEqualTo("customer-42");
        assertThat(key("SELECT 1 /*action='%2Fpay',crossfade.key='a%20b%2Cc',traceparent='00-1-2-01'*/"))
                .isEqualTo("a b,c");
        assertThat(key("SELECT 1 /*crossfade.key='it\\'s'*/")).isEqualTo("it's");
        assertThat(key("SELECT 1 /*crossfade.key='caf%C3%A9'*/")).isEqualTo("café");
        assertThat(key("SELECT 1 /*crossfade.key='100%'*/")).isEqualTo("100%");
    }

    @Test
    void plainFormIsRead() {
        assertThat(key("/* crossfade.key=customer-42 */ SELECT 1")).isEqualTo("customer-42");
        assertThat(key("/* crossfade.key=a, x=b */ SELECT 1")).isEqualTo("a");
        assertThat(key("SELECT 1 /*crossfade.key=a*/")).isEqualTo("a");
    }

    @Test
    void firstKeyCounts() {
        assertThat(key("SELECT 1 /*crossfade.key='a'*/ /*crossfade.key='b'*/")).isEqualTo("a");
        assertThat(key("SELECT 1 /*crossfade.key=''*/ /*crossfade.key='b'*/")).isEqualTo("b");
        assertThat(key("SELECT '/*crossfade.key=x*/' /*crossfade.key='b'*/")).isEqualTo("b");
    }

    @Test
    void onlyAnEntryOfAPlainCommentIsAKey() {
        for (String sql : new String[] {
            "SELECT 1",
            "SELECT '/* crossfade.key=x */'",
            "SELECT \"/* crossfade.key=x */\"",
            "SELECT `/* crossfade.key=x */` FROM t",
            "SELECT crossfade.key=1 FROM crossfade",
            "SELECT /*! crossfade.key=1 */ FROM crossfade",
            "SELECT /*!99999 crossfade.key=1 */ 1",
            "SELECT /*M! crossfade.key=1 */ 1",
            "SELECT /*+ crossfade.key=1 */ 1",
            "SELECT 1 /* not.crossfade.key=1 */",
            "SELECT 1 /* a comment */ -- crossfade.key=1",
            "SELECT 1 /*crossfade.key='",
            "SELECT 1 /*crossfade.key=",
            "crossfade.key="
        }) {
            assertThat(key(sql)).as(sql).isNull();
        }
    }

    private static String key(String sql) {
        return KeyComment.key(sql, SqlMode.DEFAULT, DIALECT);
    }
}

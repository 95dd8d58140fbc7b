package io.crossfade.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.model.Column;
import io.crossfade.model.Expression;
import io.crossfade.testkit.ServerTest;
import io.crossfade.testkit.TestDatabase;
import java.util.List;
import org.junit.jupiter.api.Test;

class MySqlDialectTest {

    private static final MySqlDialect DIALECT = MySqlDialect.of("8.0.15");

    @Test
    void versionsAreReadFromBothServers() {
        assertThat(DIALECT.version()).isEqualTo(80015);
        assertThat(MySqlDialect.of("5.5.5-10.11.6-MariaDB-log").version()).isEqualTo(101106);
        assertThat(MySqlDialect.of("11.4.5-MariaDB").isMariaDb()).isTrue();
        assertThatThrownBy(() -> MySqlDialect.of("PostgreSQL 15")).hasMessageContaining("MySQL or MariaDB");
    }

    @Test
    void onlyColumnsAreNamedAnew() {
        String sql =
                "CASE WHEN a REGEXP 'a' THEN LEFT(CONVERT(a USING utf8mb4), 3) ELSE CAST(`b` AS CHAR(3)) END COLLATE utf8mb4_bin";
        assertThat(DIALECT.render(new Expression(sql), c -> "<" + c + ">"))
                .isEqualTo(
                        "(CASE WHEN <a> REGEXP 'a' THEN LEFT(CONVERT(<a> USING utf8mb4), 3) ELSE CAST(<b> AS CHAR(3)) END"
                                + " COLLATE utf8mb4_bin)");
        assertThat(DIALECT.uses(new Expression(sql), "A")).isEqualTo(2);
    }

    @ServerTest
    void aTotalCastNeverFailsAWrite(TestDatabase database) throws Exception {
        Column target = Column.plain("age", "tinyint unsigned");
        String total = DIALECT.total(new Expression("CAST(a AS SIGNED)"), target, column -> true)
                .sql();
        database.execute("CREATE TABLE t (id INT PRIMARY KEY AUTO_INCREMENT, a VARCHAR(40), age TINYINT UNSIGNED)");
        for (String value : List.of(
                "7", " 42", "+9", "-1", "256", "abc", "", "12abc", "99999999999999999999", "1.5", "42 ", "42\\n")) {
            database.execute("INSERT INTO t (a, age) VALUES ('" + value + "', " + total + ")");
        }
        assertThat(database.query("SELECT age FROM t ORDER BY id").toString())
                .isEqualTo("[[7], [42], [9], [null], [null], [null], [null], [null], [null], [null],"
                        + " [null], [null]]");
    }

    @ServerTest
    void aTotalCastOfANumberIsTheNumber(TestDatabase database) throws Exception {
        Column target = Column.plain("cents", "smallint");
        String total = DIALECT.total(new Expression("CAST(price * 100 AS SIGNED)"), target, column -> false)
                .sql();
        database.execute(
                "CREATE TABLE t (id INT PRIMARY KEY, price DECIMAL(8,2), cents SMALLINT)",
                "INSERT INTO t (id, price, cents) VALUES (1, 2, " + total + "), (2, 1.5, " + total + "), (3, 999999, "
                        + total + "), (4, NULL, " + total + ")");
        assertThat(database.query("SELECT cents FROM t ORDER BY id").toString())
                .isEqualTo("[[200], [150], [null], [null]]");
    }

    @ServerTest
    void sameComparesBytesAndNulls(TestDatabase database) throws Exception {
        Column text = Column.plain("a", "varchar(10)");
        for (List<String> pair : List.of(
                List.of("'a'", "'a'", "1"),
                List.of("'a'", "'A'", "0"),
                List.of("'a'", "'a '", "0"),
                List.of("NULL", "NULL", "1"),
                List.of("'a'", "NULL", "0"),
                List.of("'é'", "'e'", "0"),
                List.of("_latin1 0xE9", "'é'", "1"))) {
            assertThat(database.queryLong("SELECT " + DIALECT.same(pair.get(0), pair.get(1), text)))
                    .as("%s", pair)
                    .isEqualTo(Long.parseLong(pair.get(2)));
        }
    }
}

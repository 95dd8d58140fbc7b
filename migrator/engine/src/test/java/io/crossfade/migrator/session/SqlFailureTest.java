package io.crossfade.migrator.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** What an operator is shown of what a server said. */
class SqlFailureTest {
    private static final SQLException TOO_LONG =
            new SQLException("Data truncation: Incorrect value: 'secret' for column 'v' at row 1", "22001", 1366);

    private static final SQLException TWICE =
            new SQLException("Duplicate entry 'secret' for key 'by_v'", "23000", 1062);

    @Test
    void aTextThatRepeatsItsCausesHoldsNoValueOfThem() {
        Exception inner = new IllegalStateException("a thread failed: " + TOO_LONG.getMessage(), TOO_LONG);
        Exception outer = new IllegalStateException("the run failed", inner);
        assertThat(SqlFailure.shown("the run failed: " + inner.getMessage(), outer))
                .isEqualTo("the run failed: a thread failed: a value does not fit in column \"v\" (error 1366)");
    }

    @Test
    void aKeyIsNamedAndItsValueIsNot() {
        assertThat(SqlFailure.shown(TWICE)).isEqualTo("a value is there twice in key \"by_v\" (error 1062)");
        assertThat(SqlFailure.shown(String.valueOf(TWICE), TWICE)).doesNotContain("secret");
    }

    @Test
    void aCheckIsNamed() {
        assertThat(SqlFailure.place(new SQLException("Check constraint 'low' is violated.", "HY000", 3819)))
                .isEqualTo(" by CHECK \"low\" (error 3819)");
        assertThat(SqlFailure.place(new SQLException("CONSTRAINT `low` failed for `d`.`_t_gho`", "23000", 4025)))
                .isEqualTo(" by CHECK \"low\" (error 4025)");
        assertThat(SqlFailure.place(
                        new SQLException("Data truncation: Out of range: 'CONSTRAINT `x` failed for '", "22001", 1264)))
                .isEqualTo(" (error 1264)");
    }

    @Test
    void whatHoldsNoValueIsShownAsItIs() {
        SQLException denied = new SQLException("Access denied for user 'app'", "28000", 1045);
        assertThat(SqlFailure.shown("x: " + denied.getMessage(), denied)).isEqualTo("x: Access denied for user 'app'");
    }
}

package io.crossfade.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.crossfade.flag.Shares;
import io.crossfade.model.ChangeFile;
import io.crossfade.model.Direction;
import io.crossfade.model.Stage;
import io.crossfade.model.Table;
import io.crossfade.model.TableName;
import io.crossfade.sql.Comparison;
import io.crossfade.state.ChangeState;
import io.crossfade.state.RowsCompared;
import io.crossfade.state.Snapshot;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Which reads compare, when reads go back to old, and what is told of it. */
class ComparisonsTest {
    private static final TableName ORDERS = new TableName("shop", "orders");
    private static final Comparison.Compared COMPARED = new Comparison.Compared("c", ORDERS, "x");

    private final AtomicLong clock = new AtomicLong();
    private final AtomicReference<Snapshot> current = new AtomicReference<>(at(5, Stage.LIVE, 10));

    @Test
    void readsCompareAtShadowAndLiveOnly() throws SQLException {
        Comparisons always = comparisons("100", "0");
        Comparisons never = comparisons("0", "0");
        for (Stage stage : Stage.values()) {
            boolean hasTwoSides = stage == Stage.SHADOW || stage == Stage.LIVE;
            assertThat(always.samples(at(1, stage, 0))).as(stage.word()).isEqualTo(hasTwoSides);
            assertThat(never.samples(at(1, stage, 0))).isFalse();
        }
        assertThat(always.samples(Snapshot.NONE)).isFalse();
    }

    @Test
    void settingsAreChecked() throws SQLException {
        assertThat(settings("0.0001", "10000")).isEqualTo(new CompareSettings(1, 10_000));
        assertThat(CompareSettings.of(new Properties())).isEqualTo(new CompareSettings(10_000, 0));
        for (String wrong : List.of("101", "-1", "some", "")) {
            assertThatThrownBy(() -> settings(wrong, "0"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("crossfade.comparePercent is \"" + wrong + "\"");
        }
        assertThatThrownBy(() -> settings("1", "1.5")).hasMessageContaining("crossfade.differingPer10000Max");
    }

    @Test
    void moreThanIsAllowedOfTheLastTenThousandRowsTakesTheReadsBack() throws SQLException {
        Comparisons comparisons = comparisons("100", "1");
        comparisons.saw(COMPARED, "id=1");
        see(comparisons, 10_000);
        comparisons.saw(COMPARED, "id=2");
        assertThat(comparisons.over(Shares.NONE)).as("far apart").isSameAs(Shares.NONE);
        see(comparisons, 9_000);
        comparisons.saw(COMPARED, "id=3");
        assertThat(comparisons.over(Shares.NONE).percent("c")).hasValue(0);
    }

    @Test
    void whatIsNotReadFromNewIsNotTakenBack() throws SQLException {
        for (Snapshot snapshot : List.of(at(5, Stage.SHADOW, 0), at(5, Stage.LIVE, 0), at(5, Stage.RAMPDOWN, 100))) {
            current.set(snapshot);
            Comparisons comparisons = comparisons("100", "0");
            comparisons.saw(COMPARED, "id=1");
            assertThat(comparisons.over(Shares.NONE)).isSameAs(Shares.NONE);
        }
    }

    @Test
    void theControlTableIsBelievedOnceItIsAsNewAsOurWord() throws SQLException {
        Comparisons comparisons = comparisons("100", "0");
        comparisons.saw(COMPARED, "id=1");
        comparisons.settle(at(6, Stage.LIVE, 10));
        assertThat(comparisons.over(Shares.NONE).percent("c")).hasValue(0);
        assertThat(catchThrowable(() -> comparisons.stop((change, why) -> {
                    throw new SQLException("gone");
                })))
                .hasMessage("gone");
        List<String> said = new ArrayList<>();
        comparisons.stop((change, why) -> {
            said.add(change + ": " + why);
            return 8;
        });
        comparisons.stop((change, why) -> {
            throw new SQLException("once is enough");
        });
        assertThat(said).containsExactly("c: the two sides of 1 of 1 compared rows differ, the last: id=1");
        comparisons.settle(at(7, Stage.LIVE, 10));
        assertThat(comparisons.over(Shares.NONE).percent("c")).hasValue(0);
        comparisons.settle(at(9, Stage.LIVE, 50));
        assertThat(comparisons.over(Shares.NONE)).isSameAs(Shares.NONE);
    }

    @Test
    void differencesAreReportedAtOnceAndOnce() throws SQLException {
        Comparisons comparisons = comparisons("100", "0");
        List<RowsCompared> reported = new ArrayList<>();
        see(comparisons, 3);
        comparisons.saw(COMPARED, null);
        assertThat(catchThrowable(() -> comparisons.report(
                        rows -> {
                            throw new SQLException("gone");
                        },
                        false)))
                .hasMessage("gone");
        comparisons.report(reported::addAll, false);
        see(comparisons, 4);
        comparisons.report(reported::addAll, false);
        assertThat(reported).singleElement().satisfies(r -> assertThat(r.compared())
                .isEqualTo(3));
        comparisons.saw(COMPARED, "id=7");
        comparisons.report(reported::addAll, false);
        assertThat(reported.get(1).compared()).isEqualTo(5);
        assertThat(reported.get(1).differing()).isEqualTo(1);
        assertThat(reported.get(1).keys()).containsExactly("id=7");
        see(comparisons, 1);
        clock.addAndGet(Duration.ofSeconds(30).toNanos());
        comparisons.report(reported::addAll, false);
        assertThat(reported.get(2).compared()).isEqualTo(1);
        assertThat(reported.get(2).differing()).isZero();
    }

    @Test
    void theLogHasTenDifferencesAMinute() throws SQLException {
        ListAppender<ILoggingEvent> heard = new ListAppender<>();
        heard.start();
        Logger logger = (Logger) LoggerFactory.getLogger(Comparisons.class);
        Level level = logger.getLevel();
        logger.setLevel(Level.WARN);
        logger.addAppender(heard);
        try {
            Comparisons comparisons = comparisons("100", "10000");
            for (int i = 0; i < 500; i++) {
                comparisons.saw(COMPARED, "id=" + i);
            }
            assertThat(heard.list).hasSize(10);
            clock.addAndGet(Duration.ofMinutes(1).toNanos());
            comparisons.saw(COMPARED, "id=500");
            assertThat(heard.list).hasSize(11);
            assertThat(heard.list.get(10).getFormattedMessage())
                    .contains("change c: the two sides of a row of shop.orders differ: id=500 (and 490 more");
        } finally {
            logger.detachAppender(heard);
            logger.setLevel(level);
        }
    }

    private static void see(Comparisons comparisons, int rows) {
        for (int i = 0; i < rows; i++) {
            comparisons.saw(COMPARED, "");
        }
    }

    private Comparisons comparisons(String percent, String differingMax) throws SQLException {
        return new Comparisons(settings(percent, differingMax), clock::get, current::get);
    }

    private static CompareSettings settings(String percent, String differingMax) throws SQLException {
        Properties given = new Properties();
        given.setProperty("crossfade.comparePercent", percent);
        given.setProperty("crossfade.differingPer10000Max", differingMax);
        return CompareSettings.of(given);
    }

    private static Snapshot at(long epoch, Stage stage, int percent) {
        return new Snapshot(
                epoch,
                List.of(new ChangeState(
                        ChangeFile.read("change: c\ntable: shop.orders\ncolumns:\n  - rename: {from: a, to: b}\n"),
                        new Table(ORDERS, List.of()),
                        stage,
                        Direction.FORWARD,
                        percent)));
    }
}

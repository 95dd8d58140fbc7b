package io.crossfade.flag;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.flag.FlagValue.Percent;
import io.crossfade.flag.FlagValue.Unset;
import io.crossfade.flag.FlagValue.Wrong;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FlagValueTest {
    @Test
    void numbersOfPercentAreShares() {
        assertThat(FlagValue.of(0)).isEqualTo(new Percent(0));
        assertThat(FlagValue.of(7L)).isEqualTo(new Percent(7));
        assertThat(FlagValue.of(100)).isEqualTo(new Percent(100));
        assertThat(FlagValue.of(10.0)).isEqualTo(new Percent(10));
        assertThat(FlagValue.of(new BigDecimal("1e1"))).isEqualTo(new Percent(10));
    }

    @Test
    void truthIsAllOrNothing() {
        assertThat(FlagValue.of(true)).isEqualTo(new Percent(100));
        assertThat(FlagValue.of(false)).isEqualTo(new Percent(0));
    }

    @Test
    void nullLeavesItToTheControlTable() {
        assertThat(FlagValue.of(null)).isEqualTo(new Unset());
    }

    @Test
    void everythingElseIsWrongAndNothingIsRounded() {
        assertThat(FlagValue.of(101)).isEqualTo(new Wrong("the number 101"));
        assertThat(FlagValue.of(-1)).isEqualTo(new Wrong("the number -1"));
        assertThat(FlagValue.of(12.5)).isEqualTo(new Wrong("the number 12.5"));
        assertThat(FlagValue.of(Double.NaN)).isInstanceOf(Wrong.class);
        assertThat(FlagValue.of(BigInteger.TEN.pow(30))).isEqualTo(new Wrong("a number out of range"));
        assertThat(FlagValue.of("10")).isEqualTo(new Wrong("a text"));
        assertThat(FlagValue.of(Map.of())).isEqualTo(new Wrong("an object"));
        assertThat(FlagValue.of(List.of())).isEqualTo(new Wrong("a list"));
    }
}

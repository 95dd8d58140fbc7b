package io.crossfade.flag;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FlagAnswerTest {
    private static final Shares LAST = new Shares(Map.of("orders-status", 40));
    private static final Set<String> OPEN = Set.of("orders-status");

    @Test
    void goodValueTakesThePlaceOfTheLast() {
        assertThat(answer(new FlagValue.Percent(60)).over(LAST, OPEN).percent("orders-status"))
                .hasValue(60);
    }

    @Test
    void wrongValueKeepsTheLastGoodOne() {
        assertThat(answer(new FlagValue.Wrong("a text")).over(LAST, OPEN)).isSameAs(LAST);
        assertThat(answer(new FlagValue.Wrong("a text")).over(Shares.NONE, OPEN).percent("orders-status"))
                .isEmpty();
    }

    @Test
    void valueThatIsLeftToUsHasNone() {
        assertThat(answer(new FlagValue.Unset()).over(LAST, OPEN).percent("orders-status"))
                .isEmpty();
    }

    @Test
    void flagThatIsGoneKeepsItsLastGoodValueAsLongAsItsChangeIsOpen() {
        FlagAnswer nothing = new FlagAnswer(Map.of());
        assertThat(nothing.over(LAST, OPEN)).isSameAs(LAST);
        assertThat(nothing.over(LAST, Set.of())).isEqualTo(Shares.NONE);
    }

    @Test
    void flagOfAChangeThatIsNotOpenYetIsKnownBeforehand() {
        assertThat(answer(new FlagValue.Percent(60)).over(Shares.NONE, Set.of()).percent("orders-status"))
                .hasValue(60);
    }

    private static FlagAnswer answer(FlagValue value) {
        return new FlagAnswer(Map.of("orders-status", value));
    }
}

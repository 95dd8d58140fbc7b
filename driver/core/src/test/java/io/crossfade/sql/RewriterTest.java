package io.crossfade.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.model.TableName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How names are found in a text before anybody reads it. */
class RewriterTest {
    private static final TableName TABLE = new TableName("shop", "item");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 1 FROM item",
                "item",
                "UPDATE shop.ITEM SET a = 1",
                "DELETE FROM `Item`",
                "SELECT 1 FROM items, item i",
                "INSERT INTO item(a) VALUES (1)",
                "SELECT 'an item'"
            })
    void aTextMayNameATable(String sql) {
        assertThat(Rewriter.mayName(sql, TABLE)).isTrue();
    }

    @Test
    void aPartOfALongerWordIsNoName() {
        for (String sql :
                new String[] {"SELECT 1 FROM items", "SELECT 1 FROM order_item", "item_2", "$item", "ite", ""}) {
            assertThat(Rewriter.mayName(sql, TABLE)).as(sql).isFalse();
        }
    }
}

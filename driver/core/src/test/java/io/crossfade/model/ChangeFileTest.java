package io.crossfade.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChangeFileTest {

    private static final String WHOLE =
            """
            change: orders-status
            table: shop.orders
            accept: lossy
            columns:
              - rename: {from: status, to: order_status}
              - retype: {from: age_str, to: age, type: INT, up: "CAST(age_str AS SIGNED)", down: "CAST(age AS CHAR)", facts: [monotone]}
              - split:
                  from: name
                  to:
                    first_name: {type: VARCHAR(80), up: "SUBSTRING_INDEX(name,' ',1)"}
                    last_name: {type: VARCHAR(80), up: "SUBSTRING_INDEX(name,' ',-1)", index: true}
                  down: "CONCAT(first_name,' ',last_name)"
              - merge: {from: [street, city], to: address, type: TEXT, up: "CONCAT(street,city)", down: {street: "address", city: "''"}, on-unmappable: fail}
              - derive: {to: email_normalized, type: VARCHAR(255), up: "LOWER(email)"}
              - add: {to: last_login_at, type: DATETIME}
            """;

    @Test
    void everyKindIsReadAndWrittenBackTheSame() {
        Change change = ChangeFile.parse("a.yaml", WHOLE);
        assertThat(change.mappings().stream().map(Mapping::kind))
                .containsExactly(
                        MappingKind.RENAME,
                        MappingKind.RETYPE,
                        MappingKind.SPLIT,
                        MappingKind.MERGE,
                        MappingKind.DERIVE,
                        MappingKind.ADD);
        assertThat(change.acceptsLossy()).isTrue();
        assertThat(ChangeFile.read(ChangeFile.write(change))).isEqualTo(change);
    }

    @Test
    void aTableIsReadBackTheSame() {
        Table table = new Table(
                new TableName("shop", "orders"),
                List.of(
                        Column.plain("a", "int"),
                        new Column(
                                "b",
                                "varchar(3)",
                                false,
                                "'it''s: #1'",
                                "utf8mb4",
                                "utf8mb4_bin",
                                true,
                                true,
                                true,
                                true,
                                "x: \"y\"")));
        assertThat(TableText.read(TableText.write(table))).isEqualTo(table);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
            {form: status, to: b}         | 4:12 | unknown key "form" in rename; the keys are from, to
            {from: status}                | 4:11 | rename needs to:
            {from: status, to: 'a b'}     | 4:30 | "a b" is not a name
            {from: [a], to: b}            | 4:18 | from must be a text
            {from: a, to: b, to: c}       | 4:11 | stands twice
            {from: a, to: A}              | 4:3  | stands in two places
            """)
    void aMistakeIsNamedWithItsPlace(String body, String place, String message) {
        String yaml = "change: a\ntable: s.t\ncolumns:\n  - rename: " + body + "\n";
        assertThatThrownBy(() -> ChangeFile.parse("a.yaml", yaml))
                .isInstanceOf(ChangeFileException.class)
                .hasMessageContaining(message);
    }

    @Test
    void lineAndColumnAreThoseOfTheMistake() {
        assertThatThrownBy(() -> ChangeFile.parse("a.yaml", WHOLE.replace("type: INT, ", "typ: INT, ")))
                .hasMessageStartingWith("a.yaml:6:38: unknown key \"typ\" in retype");
        assertThatThrownBy(() -> ChangeFile.parse("a.yaml", WHOLE.replace(", down: \"CAST(age AS CHAR)\"", "")))
                .hasMessage("a.yaml:6:13: retype needs down:");
        assertThatThrownBy(() -> ChangeFile.parse("a.yaml", "change: a\n  b: c: d"))
                .hasMessageStartingWith("a.yaml:2:")
                .hasMessageContaining("not YAML");
        assertThatThrownBy(() -> ChangeFile.parse("a.yaml", "")).hasMessageContaining("empty");
        assertThatThrownBy(() ->
                        ChangeFile.parse("a.yaml", "change: a b\ntable: s.t\ncolumns:\n - add: {to: x, type: INT}"))
                .hasMessageContaining("is not an id");
        assertThatThrownBy(() -> ChangeFile.parse("a.yaml", "change: a\ntable: t\ncolumns: []"))
                .hasMessageContaining("schema.table");
    }
}

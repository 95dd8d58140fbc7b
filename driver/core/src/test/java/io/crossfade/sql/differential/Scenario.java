package io.crossfade.sql.differential;

import io.crossfade.model.Change;
import io.crossfade.model.ChangeFile;
import io.crossfade.testkit.SqlGenerator.Field;
import java.util.List;

/**
 * A change to try random statements on.
 *
 * @param name for messages
 * @param oldColumns DDL of the old columns
 * @param changeYaml the entries of the change file
 * @param defaults DDL that gives the new columns their defaults, right after they were added
 * @param ready DDL that the migrator runs before complete: the new columns take over
 * @param fields what old code's statements name
 * @param newColumns DDL of the new columns as new code knows them
 * @param newFields what new code's statements name
 */
record Scenario(
        String name,
        String oldColumns,
        String changeYaml,
        List<String> defaults,
        List<String> ready,
        List<Field> fields,
        String newColumns,
        List<Field> newFields) {

    private static final List<String> WORDS =
            List.of("'new'", "'paid'", "'PAID'", "'paid '", "'it''s'", "'é'", "''", "'x\\\\y'", "'a%b'");

    private static final List<String> WORDS_OR_NULL =
            List.of("'new'", "'paid'", "'PAID'", "NULL", "'paid '", "'ß'", "''");

    private static final List<String> NUMBERS = List.of("'0'", "'7'", "'42'", "'100'", "NULL");

    static List<Scenario> all() {
        return List.of(
                new Scenario(
                        "rename",
                        "state VARCHAR(20) NOT NULL DEFAULT 'new'",
                        "- rename: {from: state, to: order_state}",
                        List.of("ALTER TABLE item ALTER COLUMN order_state SET DEFAULT 'new'"),
                        List.of("ALTER TABLE item MODIFY order_state VARCHAR(20) NOT NULL DEFAULT 'new'"),
                        List.of(new Field("state", WORDS, true)),
                        "order_state VARCHAR(20) NOT NULL DEFAULT 'new'",
                        List.of(new Field("order_state", WORDS, true))),
                new Scenario(
                        "rename-nullable",
                        "state VARCHAR(20) CHARACTER SET latin1 NULL",
                        "- rename: {from: state, to: order_state}",
                        List.of(),
                        List.of(),
                        List.of(new Field("state", List.of("'a'", "'A'", "NULL", "'é'"), true)),
                        "order_state VARCHAR(20) CHARACTER SET latin1 NULL",
                        List.of(new Field("order_state", List.of("'a'", "'A'", "NULL", "'é'"), true))),
                new Scenario(
                        "retype",
                        "age_str VARCHAR(3) NULL",
                        "- retype: {from: age_str, to: age, type: INT, up: \"CASE WHEN age_str REGEXP '^[0-9]{1,3}$' THEN"
                                + " CAST(age_str AS SIGNED) END\", down: \"CAST(age AS CHAR)\", facts: [lossless, injective]}",
                        List.of(),
                        List.of(),
                        List.of(new Field("age_str", NUMBERS, true)),
                        "age INT NULL",
                        List.of(new Field("age", List.of("0", "7", "42", "100", "NULL"), false))),
                new Scenario(
                        "retype-decimal",
                        "price DECIMAL(10,2) NULL DEFAULT 1.50",
                        "- retype: {from: price, to: cents, type: BIGINT, up: \"CAST(price * 100 AS SIGNED)\", down: \"cents /"
                                + " 100\", facts: [lossless, injective, monotone]}",
                        List.of("ALTER TABLE item ALTER COLUMN cents SET DEFAULT 150"),
                        List.of(),
                        List.of(new Field("price", List.of("0", "1.5", "1.50", "99.99", "-3.25", "NULL"), false)),
                        "cents BIGINT NULL DEFAULT 150",
                        List.of(new Field("cents", List.of("0", "150", "9999", "-325", "NULL"), false))),
                new Scenario(
                        "merge",
                        "street VARCHAR(20) NULL, city VARCHAR(20) NULL",
                        "- merge: {from: [street, city], to: address, type: VARCHAR(50), up: \"CONCAT(COALESCE(street, '-'), '|',"
                                + " COALESCE(city, '-'))\", down: {street: \"NULLIF(SUBSTRING_INDEX(address, '|', 1), '-')\", city:"
                                + " \"NULLIF(SUBSTRING_INDEX(address, '|', -1), '-')\"}, facts: [lossless]}",
                        List.of("ALTER TABLE item ALTER COLUMN address SET DEFAULT '-|-'"),
                        List.of(),
                        List.of(
                                new Field("street", List.of("'Main'", "'main'", "'Elm 3'", "NULL"), true),
                                new Field("city", List.of("'Oslo'", "'Rome'", "NULL"), true)),
                        "address VARCHAR(50) NULL DEFAULT '-|-'",
                        List.of(new Field("address", List.of("'Main|Oslo'", "'-|-'", "'Elm 3|-'"), true))),
                new Scenario(
                        "split",
                        "name VARCHAR(40) NULL",
                        "- split: {from: name, to: {first_name: {type: VARCHAR(40), up: \"SUBSTRING_INDEX(name, ' ', 1)\"},"
                                + " last_name: {type: VARCHAR(40), up: \"SUBSTRING_INDEX(name, ' ', -1)\"}}, down:"
                                + " \"CONCAT(first_name, ' ', last_name)\", facts: [lossless]}",
                        List.of(),
                        List.of(),
                        List.of(new Field("name", List.of("'Ann Lee'", "'ann lee'", "'Bo Å'", "NULL"), true)),
                        "first_name VARCHAR(40) NULL, last_name VARCHAR(40) NULL",
                        List.of(
                                new Field("first_name", List.of("'Ann'", "'Bo'"), true),
                                new Field("last_name", List.of("'Lee'", "'Å'"), true))),
                new Scenario(
                        "derive",
                        "email VARCHAR(40) NULL",
                        "- derive: {from: [email], to: email_normalized, type: VARCHAR(40), up: \"LOWER(email)\"}",
                        List.of(),
                        List.of(),
                        List.of(new Field("email", WORDS_OR_NULL, true)),
                        "",
                        List.of()),
                new Scenario(
                        "two",
                        "state VARCHAR(20) NOT NULL DEFAULT 'new', age_str VARCHAR(3) NULL",
                        "- rename: {from: state, to: order_state}\n  - retype: {from: age_str, to: age, type: INT, up: \"CASE WHEN"
                                + " age_str REGEXP '^[0-9]{1,3}$' THEN CAST(age_str AS SIGNED) END\", down: \"CAST(age AS CHAR)\","
                                + " facts: [lossless]}",
                        List.of("ALTER TABLE item ALTER COLUMN order_state SET DEFAULT 'new'"),
                        List.of("ALTER TABLE item MODIFY order_state VARCHAR(20) NOT NULL DEFAULT 'new'"),
                        List.of(new Field("state", WORDS, true), new Field("age_str", NUMBERS, true)),
                        "order_state VARCHAR(20) NOT NULL DEFAULT 'new', age INT NULL",
                        List.of(
                                new Field("order_state", WORDS, true),
                                new Field("age", List.of("0", "7", "42", "NULL"), false))));
    }

    Change change(String schema) {
        return ChangeFile.parse(
                name, "change: " + name + "\ntable: " + schema + ".item\ncolumns:\n  " + changeYaml + "\n");
    }

    @Override
    public String toString() {
        return name;
    }
}

package io.crossfade.model;

/**
 * An {@code up} or {@code down} expression: SQL text over column names, as the change file has it. Rendered by
 * {@code Dialect.render} and by nothing else. Immutable.
 */
public record Expression(String sql) {

    public Expression {
        if (sql.isBlank()) {
            throw new IllegalArgumentException("an expression must not be empty");
        }
    }

    @Override
    public String toString() {
        return sql;
    }
}

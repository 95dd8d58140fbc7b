package io.crossfade.samples.shop.app;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.LocalDateTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The shop's statements on users, in one version of its code. Each method sends one statement. Safe for many threads. */
public final class Users {
    private final CodeVersion code;
    private final boolean ageIsNumber;
    private final boolean knowsLastLogin;
    private final boolean knowsNormalized;
    private final String handleColumn;
    private final String ageColumn;

    public Users(CodeVersion code) {
        this.code = code;
        this.ageIsNumber = code.knows(SchemaChange.AGE);
        this.knowsLastLogin = code.knows(SchemaChange.LAST_LOGIN);
        this.knowsNormalized = code.knows(SchemaChange.EMAIL_NORMALIZED);
        this.handleColumn = code.sql("{handle}");
        this.ageColumn = code.sql("{age}");
    }

    /** Registers a user and gives the id. */
    public long register(Connection connection, User user) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement(code.sql(insert()), Statement.RETURN_GENERATED_KEYS)) {
            bind(insert, user);
            insert.executeUpdate();
            try (ResultSet row = insert.getGeneratedKeys()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /** Writes a user's e-mail address and age, by name, whether the user is there or not. */
    public void put(Connection connection, User user) throws SQLException {
        String sql = insert() + " ON DUPLICATE KEY UPDATE email = VALUES(email), {age} = VALUES({age})"
                + (knowsNormalized ? ", email_normalized = VALUES(email_normalized)" : "");
        try (PreparedStatement upsert = prepare(connection, sql)) {
            bind(upsert, user);
            upsert.executeUpdate();
        }
    }

    public int rename(Connection connection, long id, String handle) throws SQLException {
        try (PreparedStatement update = prepare(connection, "UPDATE users SET {handle} = ? WHERE id = ?")) {
            update.setString(1, handle);
            update.setLong(2, id);
            return update.executeUpdate();
        }
    }

    public int changeEmail(Connection connection, User user) throws SQLException {
        String sql = "UPDATE users SET email = ?" + (knowsNormalized ? ", email_normalized = ?" : "") + " WHERE id = ?";
        try (PreparedStatement update = prepare(connection, sql)) {
            int index = 1;
            update.setString(index++, user.email());
            if (knowsNormalized) {
                update.setString(index++, user.emailNormalized());
            }
            update.setLong(index, user.id());
            return update.executeUpdate();
        }
    }

    public int setAge(Connection connection, long id, @Nullable Integer age) throws SQLException {
        try (PreparedStatement update = prepare(connection, "UPDATE users SET {age} = ? WHERE id = ?")) {
            bindAge(update, 1, age);
            update.setLong(2, id);
            return update.executeUpdate();
        }
    }

    /** One year more, computed by the server; an age that was not told stays so. */
    public int birthday(Connection connection, long id) throws SQLException {
        String older = ageIsNumber ? "age + 1" : "CAST(CAST(age_str AS SIGNED) + 1 AS CHAR)";
        try (PreparedStatement update = prepare(connection, "UPDATE users SET {age} = " + older + " WHERE id = ?")) {
            update.setLong(1, id);
            return update.executeUpdate();
        }
    }

    public int remove(Connection connection, long id) throws SQLException {
        try (PreparedStatement delete = prepare(connection, "DELETE FROM users WHERE id = ?")) {
            delete.setLong(1, id);
            return delete.executeUpdate();
        }
    }

    /** Whether this version of the code keeps when users were last there. */
    public boolean knowsLastLogin() {
        return knowsLastLogin;
    }

    public int login(Connection connection, long id, LocalDateTime at) throws SQLException {
        try (PreparedStatement update = prepare(connection, "UPDATE users SET last_login_at = ? WHERE id = ?")) {
            update.setObject(1, at);
            update.setLong(2, id);
            return update.executeUpdate();
        }
    }

    public Optional<User> find(Connection connection, long id) throws SQLException {
        String columns = "id, {handle}, email, {age}" + (knowsLastLogin ? ", last_login_at" : "");
        return one(connection, "SELECT " + columns + " FROM users WHERE id = ?", id);
    }

    /** As {@link #find}, by a statement that names no column but the key. */
    public Optional<User> findWhole(Connection connection, long id) throws SQLException {
        return one(connection, "SELECT * FROM users WHERE id = ?", id);
    }

    public Optional<User> findByHandle(Connection connection, String handle) throws SQLException {
        return one(connection, "SELECT u.* FROM users u WHERE u.{handle} = ?", handle);
    }

    /** By the e-mail address in whatever case; code that knows no better reads every user. */
    public Optional<User> findByEmail(Connection connection, User user) throws SQLException {
        String condition = knowsNormalized ? "email_normalized = ?" : "LOWER(email) = ?";
        return one(connection, "SELECT * FROM users WHERE " + condition, user.emailNormalized());
    }

    /** The user in a row that has all the columns. */
    public User read(ResultSet row) throws SQLException {
        return new User(
                row.getLong("id"),
                row.getString(handleColumn),
                row.getString("email"),
                age(row),
                knowsLastLogin ? row.getObject("last_login_at", LocalDateTime.class) : null);
    }

    private @Nullable Integer age(ResultSet row) throws SQLException {
        if (ageIsNumber) {
            int age = row.getInt(ageColumn);
            return row.wasNull() ? null : age;
        }
        String age = row.getString(ageColumn);
        return age == null ? null : Integer.valueOf(age);
    }

    private Optional<User> one(Connection connection, String sql, Object key) throws SQLException {
        try (PreparedStatement select = prepare(connection, sql)) {
            select.setObject(1, key);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(read(row)) : Optional.empty();
            }
        }
    }

    private PreparedStatement prepare(Connection connection, String sql) throws SQLException {
        return connection.prepareStatement(code.sql(sql));
    }

    private String insert() {
        return knowsNormalized
                ? "INSERT INTO users ({handle}, email, {age}, email_normalized) VALUES (?, ?, ?, ?)"
                : "INSERT INTO users ({handle}, email, {age}) VALUES (?, ?, ?)";
    }

    private void bind(PreparedStatement insert, User user) throws SQLException {
        insert.setString(1, user.handle());
        insert.setString(2, user.email());
        bindAge(insert, 3, user.age());
        if (knowsNormalized) {
            insert.setString(4, user.emailNormalized());
        }
    }

    private void bindAge(PreparedStatement statement, int index, @Nullable Integer age) throws SQLException {
        if (age == null) {
            statement.setNull(index, ageIsNumber ? Types.INTEGER : Types.VARCHAR);
        } else if (ageIsNumber) {
            statement.setInt(index, age);
        } else {
            statement.setString(index, age.toString());
        }
    }
}

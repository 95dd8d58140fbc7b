package io.crossfade.samples.shop.app;

import java.time.LocalDateTime;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A user. Immutable.
 *
 * @param id 0 as long as it is not registered
 * @param handle the unique name
 * @param email as the user wrote it
 * @param age in years, if told
 * @param lastLoginAt to the second; always null in code that does not know it
 */
public record User(long id, String handle, String email, @Nullable Integer age, @Nullable LocalDateTime lastLoginAt) {
    public User withId(long newId) {
        return new User(newId, handle, email, age, lastLoginAt);
    }

    public User withHandle(String newHandle) {
        return new User(id, newHandle, email, age, lastLoginAt);
    }

    public User withEmail(String newEmail) {
        return new User(id, handle, newEmail, age, lastLoginAt);
    }

    public User withAge(@Nullable Integer newAge) {
        return new User(id, handle, email, newAge, lastLoginAt);
    }

    public User withLastLoginAt(@Nullable LocalDateTime newLastLoginAt) {
        return new User(id, handle, email, age, newLastLoginAt);
    }

    public String emailNormalized() {
        return email.toLowerCase(Locale.ROOT);
    }
}

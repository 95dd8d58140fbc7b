package io.crossfade.jdbc;

import java.sql.SQLException;
import java.sql.Wrapper;

/** {@link Wrapper} for every proxy: itself, what it wraps, what that wraps. */
final class Wrapping {

    private Wrapping() {}

    static <T> T unwrap(Wrapper self, Wrapper delegate, Class<T> type) throws SQLException {
        if (type.isInstance(self)) {
            return type.cast(self);
        }
        if (type.isInstance(delegate)) {
            return type.cast(delegate);
        }
        return delegate.unwrap(type);
    }

    static boolean isWrapperFor(Wrapper self, Wrapper delegate, Class<?> type) throws SQLException {
        return type.isInstance(self) || type.isInstance(delegate) || delegate.isWrapperFor(type);
    }

    static String describe(Object self, Object delegate) {
        return self.getClass().getSimpleName() + '@' + Integer.toHexString(System.identityHashCode(self)) + " wrapping "
                + delegate;
    }
}

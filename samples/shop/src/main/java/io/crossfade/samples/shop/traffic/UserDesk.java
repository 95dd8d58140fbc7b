package io.crossfade.samples.shop.traffic;

import io.crossfade.samples.shop.app.User;
import io.crossfade.samples.shop.app.Users;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What a clerk does with users: one task at a time, in autocommit. Each write is noted once it is acknowledged, each read
 * compared with the ledger. One thread at a time.
 */
final class UserDesk {
    /** The oldest age that is written, so that a birthday never makes it four digits. */
    private static final int AGE_MAX = 90;

    private final int clerk;
    private final RandomGenerator random;
    private final Ledger<User> ledger;
    private final Meter meter;
    private final Findings findings;

    /** Users that nobody has ordered for: only these may go again. */
    private final List<Long> guests = new ArrayList<>();

    private int names;

    UserDesk(int clerk, RandomGenerator random, Ledger<User> ledger, Meter meter, Findings findings) {
        this.clerk = clerk;
        this.random = random;
        this.ledger = ledger;
        this.meter = meter;
        this.findings = findings;
    }

    /** Does one task, of a hundred such that are mixed as a shop would have them. */
    void work(Connection connection, Users users) throws SQLException {
        int task = random.nextInt(100);
        User user = ledger.any(random);
        if (task < 10) {
            register(connection, users);
        } else if (task < 18) {
            User changed = user.withEmail(anyEmail(user.handle())).withAge(anyAge());
            meter.timeVoid(() -> users.put(connection, changed));
            note(changed);
        } else if (task < 26) {
            User renamed = user.withHandle(newHandle());
            expectOne("rename", user, meter.time(() -> users.rename(connection, user.id(), renamed.handle())));
            note(renamed);
        } else if (task < 34) {
            User changed = user.withEmail(anyEmail(newHandle()));
            expectOne("change of address", user, meter.time(() -> users.changeEmail(connection, changed)));
            note(changed);
        } else if (task < 40) {
            User changed = user.withAge(anyAge());
            expectOne("age", user, meter.time(() -> users.setAge(connection, user.id(), changed.age())));
            note(changed);
        } else if (task < 44) {
            birthday(connection, users, user);
        } else if (task < 48) {
            removeGuest(connection, users);
        } else if (task < 56 && users.knowsLastLogin()) {
            LocalDateTime now = LocalDateTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.SECONDS);
            expectOne("login", user, meter.time(() -> users.login(connection, user.id(), now)));
            note(user.withLastLoginAt(now));
        } else {
            read(connection, users, user, task);
        }
    }

    private void read(Connection connection, Users users, User user, int task) throws SQLException {
        Optional<User> seen;
        if (task < 75) {
            seen = meter.time(() -> users.find(connection, user.id()));
        } else if (task < 85) {
            seen = meter.time(() -> users.findWhole(connection, user.id()));
        } else if (task < 99) {
            seen = meter.time(() -> users.findByHandle(connection, user.handle()));
        } else {
            seen = meter.time(() -> users.findByEmail(connection, user));
        }
        User expected = users.knowsLastLogin() ? user : user.withLastLoginAt(null);
        findings.expect("user " + user.id() + " (task " + task + ")", Optional.of(expected), seen);
    }

    private void register(Connection connection, Users users) throws SQLException {
        String handle = newHandle();
        User draft = new User(0, handle, anyEmail(handle), anyAge(), null);
        long id = meter.time(() -> users.register(connection, draft));
        note(draft.withId(id));
        guests.add(id);
    }

    private void birthday(Connection connection, Users users, User user) throws SQLException {
        Integer age = user.age();
        if (age == null || age < AGE_MAX) {
            meter.time(() -> users.birthday(connection, user.id()));
            note(user.withAge(age == null ? null : age + 1));
        }
    }

    private void removeGuest(Connection connection, Users users) throws SQLException {
        if (!guests.isEmpty()) {
            long id = guests.remove(random.nextInt(guests.size()));
            int rows = meter.time(() -> users.remove(connection, id));
            findings.expect("rows of the delete of user " + id, 1, rows);
            ledger.remove(id);
        }
    }

    /** A user who stays: one that may order. */
    long customer() {
        long id = ledger.pick(random);
        while (guests.contains(id)) {
            id = ledger.pick(random);
        }
        return id;
    }

    User any() {
        return ledger.any(random);
    }

    /** Notes what was acknowledged. */
    void note(User user) {
        ledger.put(user.id(), user);
    }

    String anyEmail(String handle) {
        return "Mail." + handle + "@Example.com";
    }

    String newHandle() {
        names++;
        return "c" + clerk + "-" + names;
    }

    private @Nullable Integer anyAge() {
        return random.nextInt(10) == 0 ? null : 18 + random.nextInt(AGE_MAX - 18);
    }

    /** By default MySQL counts the rows that it found, whether the value was a new one or not. */
    private void expectOne(String what, User user, int rows) {
        findings.expect("rows of the " + what + " of user " + user.id(), 1, rows);
    }
}

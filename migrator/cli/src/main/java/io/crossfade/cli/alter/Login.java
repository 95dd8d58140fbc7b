package io.crossfade.cli.alter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** As whom. Immutable; {@link #toString} keeps the password to itself. */
record Login(String user, String password) {

    /**
     * Reads it from the first place that has one: the flag, the terminal where asked for, the file, --conf, the environment.
     *
     * @param terminal asks on the terminal
     */
    static Login of(TargetFlags flags, Supplier<String> terminal, UnaryOperator<@Nullable String> environment) {
        ClientConf conf = flags.conf == null ? ClientConf.NONE : ClientConf.read(flags.conf, environment);
        String user = first(flags.user, conf.user(), environment.apply("CROSSFADE_USER"));
        return new Login(user, password(flags, conf, terminal, environment));
    }

    private static String password(
            TargetFlags flags,
            ClientConf conf,
            Supplier<String> terminal,
            UnaryOperator<@Nullable String> environment) {
        if (flags.askPass) {
            return terminal.get();
        }
        Path file = flags.passwordFile;
        if (flags.password == null && file != null) {
            try {
                return Files.readString(file).lines().findFirst().orElse("");
            } catch (IOException e) {
                throw new IllegalArgumentException(
                        "cannot read the password: file " + file + "; "
                                + e.getClass().getSimpleName() + "; name a file that can be read",
                        e);
            }
        }
        return first(flags.password, conf.password(), environment.apply("CROSSFADE_PASSWORD"));
    }

    /** The login on the source, where it is another. */
    Login onSource(TargetFlags flags, UnaryOperator<@Nullable String> environment) {
        return new Login(
                first(flags.masterUser, user),
                first(flags.masterPassword, environment.apply("CROSSFADE_MASTER_PASSWORD"), password));
    }

    private static String first(@Nullable String... values) {
        for (String value : values) {
            if (value != null) {
                return value;
            }
        }
        return "";
    }

    @Override
    public String toString() {
        return user;
    }
}

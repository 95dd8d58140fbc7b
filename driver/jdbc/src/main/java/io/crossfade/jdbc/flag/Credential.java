package io.crossfade.jdbc.flag;

import io.crossfade.flag.FlagException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * What a flag service knows us by: {@code env:NAME} is an environment variable, {@code file:PATH} the first line of a file, which
 * is read for every request and so may be exchanged at any time, and anything else is the secret itself. No text that this
 * class gives, messages among it, holds the secret. Immutable.
 */
public final class Credential {

    /** Longer than any token that a header takes. Judged, not measured. */
    private static final int BYTES_MAX = 16 * 1024;

    private static final String ENV = "env:";
    private static final String FILE = "file:";

    private final Scheme scheme;
    private final String given;

    /** How it is sent. */
    public enum Scheme {
        BEARER("Authorization", "Bearer "),
        API_KEY("X-API-Key", "");

        private final String header;
        private final String prefix;

        Scheme(String header, String prefix) {
            this.header = header;
            this.prefix = prefix;
        }
    }

    public Credential(Scheme scheme, String given) {
        this.scheme = scheme;
        this.given = given;
    }

    String header() {
        return scheme.header;
    }

    /** The header's value; the one method that gives the secret out. */
    String headerValue() throws FlagException {
        String secret = secret();
        if (secret.isEmpty()) {
            throw new FlagException("the token is empty; look at " + place());
        }
        if (!secret.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new FlagException("the token holds blanks or signs that no header takes; look at " + place());
        }
        return scheme.prefix + secret;
    }

    private String secret() throws FlagException {
        if (given.startsWith(ENV)) {
            String value = System.getenv(given.substring(ENV.length()));
            return value == null ? "" : value.trim();
        }
        if (!given.startsWith(FILE)) {
            return given;
        }
        try (InputStream in = Files.newInputStream(Path.of(given.substring(FILE.length())))) {
            return new String(in.readNBytes(BYTES_MAX), StandardCharsets.UTF_8)
                    .lines()
                    .findFirst()
                    .orElse("")
                    .trim();
        } catch (IOException | RuntimeException e) {
            throw new FlagException(
                    "the token cannot be read (" + e.getClass().getSimpleName() + "); look at " + place());
        }
    }

    /** Where the secret stands; the place is no secret, the literal is. */
    private String place() {
        return given.startsWith(ENV) || given.startsWith(FILE) ? given : "the connection property";
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Credential c && c.scheme == scheme && c.given.equals(given);
    }

    @Override
    public int hashCode() {
        return Objects.hash(scheme, given);
    }

    @Override
    public String toString() {
        return scheme.header + ": (hidden)";
    }
}

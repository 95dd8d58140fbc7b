package io.crossfade.jdbc.flag;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Which source of flags is asked, besides the control table. Equal settings are served by one source. Immutable. */
public sealed interface SourceSettings {

    /** Nothing but the control table. */
    record Control() implements SourceSettings {}

    /** A file of shares. */
    record SharesIn(Path file) implements SourceSettings {}

    /**
     * A service that speaks OFREP.
     *
     * @param url what stands before {@code /ofrep}, without a slash at its end
     * @param credential how we are known; null where the service asks for nothing
     * @param prefix what stands before the id of a change in its flag's key
     * @param timeout bound of one request, from its first byte to the last of the answer
     */
    record Ofrep(URI url, @Nullable Credential credential, String prefix, Duration timeout) implements SourceSettings {}

    /**
     * The provider that the application has set in its OpenFeature SDK.
     *
     * @param domain the client's domain; the SDK's default provider serves it where none is bound to it
     * @param prefix what stands before the id of a change in its flag's key
     * @param timeout bound of one look
     */
    record OpenFeature(String domain, String prefix, Duration timeout) implements SourceSettings {}
}

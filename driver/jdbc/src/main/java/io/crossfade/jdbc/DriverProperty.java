package io.crossfade.jdbc;

import java.sql.DriverPropertyInfo;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The driver's own connection properties, in the URL or in the Properties. Everything else goes to the wrapped driver. */
public enum DriverProperty {
    APPLICATION(
            "crossfade.application",
            null,
            "Name under which `crossfade status` shows this client, up to 128 characters."
                    + " Default: the main class or jar, else \"unnamed\".",
            ""),
    VIEW(
            "crossfade.view",
            "old",
            "Which version of a changing table the application's own code was written for. Decides what statements see that"
                    + " name neither side, such as SELECT *.",
            "old|new"),
    KEY(
            "crossfade.key",
            "instance",
            "What a share of reads is counted in where no client info \"crossfade.key\" is set: whole instances, or single"
                    + " connections.",
            "instance|connection"),
    POLL_MILLIS(
            "crossfade.pollMillis",
            "1000",
            "How often the control state is looked at, in milliseconds; at least 50. The migrator waits for the slowest"
                    + " client at every stage.",
            ""),
    LEASE_MILLIS(
            "crossfade.leaseMillis",
            "10000",
            "How long statements on changing tables go on without word from the control tables, in milliseconds; at least"
                    + " twice crossfade.pollMillis.",
            ""),
    COMPARE_PERCENT(
            "crossfade.comparePercent",
            "1",
            "Of a hundred reads of a changing table at shadow and live, how many also compare the two sides of the rows that they give; 0 to"
                    + " 100, down to 0.0001.",
            ""),
    DIFFERING_PER_10000_MAX(
            "crossfade.differingPer10000Max",
            "0",
            "Of 10,000 compared rows, how many may differ before the reads of everybody go back to old; 0 to 10000, which is never.",
            ""),
    FLAGS(
            "crossfade.flags",
            "control",
            "Who says which share of reads goes to new while a change is at stage live: the control table alone, or, as long as"
                    + " that does not say 0, a file, a service that speaks OFREP, or the application's OpenFeature provider.",
            "control|file|ofrep|openfeature"),
    FLAGS_FILE(
            "crossfade.flags.file",
            null,
            "The file of shares, for crossfade.flags=file: YAML, or JSON where its name ends in .json; one entry a change.",
            ""),
    FLAGS_URL(
            "crossfade.flags.url",
            null,
            "The flag service, for crossfade.flags=ofrep: what stands before /ofrep, http or https.",
            ""),
    FLAGS_TOKEN(
            "crossfade.flags.token",
            null,
            "The flag service's bearer token: env:NAME, file:PATH, or the token itself.",
            ""),
    FLAGS_API_KEY(
            "crossfade.flags.apiKey", null, "As crossfade.flags.token, sent in the header X-API-Key instead.", ""),
    FLAGS_PREFIX(
            "crossfade.flags.prefix",
            "crossfade.",
            "What stands before the id of a change in its flag's key, for ofrep and openfeature.",
            ""),
    FLAGS_DOMAIN(
            "crossfade.flags.domain",
            "crossfade",
            "The domain of the OpenFeature client; the default provider serves it where none is bound to it.",
            ""),
    FLAGS_POLL_MILLIS(
            "crossfade.flags.pollMillis",
            null,
            "How often the source of flags is looked at, in milliseconds, less up to a fifth by chance; at least 50."
                    + " Default: 500 for a file, 5000 for a service or provider.",
            ""),
    FLAGS_TIMEOUT_MILLIS(
            "crossfade.flags.timeoutMillis",
            "2000",
            "How long one look at a service or provider may take, in milliseconds; at least 50.",
            "");

    static final String PREFIX = "crossfade.";

    private final String key;
    private final @Nullable String defaultValue;
    private final String doc;
    private final String allowed;

    DriverProperty(String key, @Nullable String defaultValue, String doc, String allowed) {
        this.key = key;
        this.defaultValue = defaultValue;
        this.doc = doc;
        this.allowed = allowed;
    }

    /** The name as it is written in a URL. */
    public String key() {
        return key;
    }

    /** What holds where the property is not given; empty where the driver looks for something fitting. */
    public Optional<String> defaultValue() {
        return Optional.ofNullable(defaultValue);
    }

    public String doc() {
        return doc;
    }

    /** The only values there are; empty where any is taken that the doc describes. */
    public List<String> allowed() {
        return allowed.isEmpty() ? List.of() : List.of(allowed.split("\\|"));
    }

    static Optional<DriverProperty> of(String key) {
        return Arrays.stream(values()).filter(p -> p.key.equals(key)).findFirst();
    }

    static String keys() {
        return Arrays.stream(values()).map(DriverProperty::key).collect(Collectors.joining(", "));
    }

    DriverPropertyInfo info(Properties given) {
        // Tools show these values, and log them.
        boolean isSecret = this == FLAGS_TOKEN || this == FLAGS_API_KEY;
        DriverPropertyInfo info = new DriverPropertyInfo(key, isSecret ? null : given.getProperty(key, defaultValue));
        info.description = doc;
        info.required = false;
        info.choices = allowed.isEmpty() ? null : allowed().toArray(new String[0]);
        return info;
    }
}

package io.crossfade.jdbc.flag;

import java.util.Map;

/**
 * Who asks for flags: the evaluation context that rules of a flag service may look at. Immutable.
 *
 * @param application its name, which is the targeting key too: one for all instances, so that a service that counts keys
 *     counts applications
 * @param host the machine
 * @param instance the client's id, made anew at each start
 * @param version the driver's version
 */
public record Asker(String application, String host, String instance, String version) {

    /** What rules may look at, besides the targeting key. */
    Map<String, String> attributes() {
        return Map.of("application", application, "host", host, "instance", instance, "version", version);
    }
}

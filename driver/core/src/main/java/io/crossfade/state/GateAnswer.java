package io.crossfade.state;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a client whose lease runs has said of a gate. Immutable.
 *
 * @param client its id
 * @param application as in {@link ClientState}
 * @param host as in {@link ClientState}
 * @param pid as in {@link ClientState}
 * @param turnSeen the newest turn that it has told of; 0 where it has not been heard at all
 * @param turnPassed the newest turn at which it held new statements and nothing that may touch the tables was left
 * @param holder the connection that was in the way of that last; null where none was
 */
public record GateAnswer(
        UUID client,
        String application,
        String host,
        long pid,
        long turnSeen,
        long turnPassed,
        @Nullable Long holder) {}

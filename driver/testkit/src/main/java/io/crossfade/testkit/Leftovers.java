package io.crossfade.testkit;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a JVM that was killed outright left: it ran no shutdown hook, so its servers go on. Each server directory names
 * the JVM that owns it, and the next start clears those whose owner is gone.
 */
final class Leftovers {
    private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);
    private static final String OWNER_FILE = "owner";
    private static final String PID_FILE = "data/server.pid";

    private Leftovers() {}

    /** Marks a server directory as this JVM's: its process id and when it started, since ids are used again. */
    static void own(Path directory) throws IOException {
        Files.writeString(directory.resolve(OWNER_FILE), identity(ProcessHandle.current()));
    }

    /** Kills the servers and deletes the directories of JVMs that are gone. What cannot be cleared is left. */
    static void clear(Path parent) {
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(parent, Files::isDirectory)) {
            for (Path directory : directories) {
                Path owner = directory.resolve(OWNER_FILE);
                if (Files.exists(owner) && isGone(Files.readString(owner))) {
                    serverOf(directory).ifPresent(server -> {
                        if (server.destroyForcibly()) {
                            server.onExit().join();
                        }
                    });
                    Directories.delete(directory);
                    LOG.debug("cleared {}, whose owner is gone", directory);
                }
            }
        } catch (IOException e) {
            // Another JVM clears the same directory at this moment, most likely.
            LOG.debug("cannot clear all of {}: {}", parent, e.toString());
        }
    }

    private static boolean isGone(String identity) {
        // An owner that is just writing its identity is there.
        return !identity.isEmpty()
                && processOf(identity.split(" ")[0])
                        .map(process -> !identity(process).equals(identity))
                        .orElse(true);
    }

    /** The running server that has this directory as an argument. */
    private static Optional<ProcessHandle> serverOf(Path directory) throws IOException {
        Path pidFile = directory.resolve(PID_FILE);
        if (Files.notExists(pidFile)) {
            return Optional.empty();
        }
        return processOf(Files.readString(pidFile).strip())
                .filter(process -> List.of(process.info().arguments().orElse(new String[0]))
                        .contains("--datadir=" + directory.resolve("data")));
    }

    private static Optional<ProcessHandle> processOf(String pid) {
        return pid.matches("\\d{1,10}") ? ProcessHandle.of(Long.parseLong(pid)) : Optional.empty();
    }

    private static String identity(ProcessHandle process) {
        return process.pid() + " "
                + process.info().startInstant().map(Instant::toString).orElse("");
    }
}

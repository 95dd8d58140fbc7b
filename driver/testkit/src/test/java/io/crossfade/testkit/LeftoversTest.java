package io.crossfade.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A second JVM starts a server and is stopped from outside. */
@Timeout(120)
class LeftoversTest {
    @Test
    void aJvmThatIsInterruptedLeavesNothing(@TempDir Path parent) throws Exception {
        Owner owner = new Owner(parent);
        owner.jvm.destroy();
        assertThat(owner.jvm.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(owner.server.isAlive()).isFalse();
        assertThat(parent).isEmptyDirectory();
    }

    @Test
    void whatAKilledJvmLeftIsClearedByTheNextStart(@TempDir Path parent) throws Exception {
        Owner owner = new Owner(parent);
        owner.jvm.destroyForcibly().waitFor();
        assertThat(owner.server.isAlive()).isTrue();
        EmbeddedServer.of(ServerKind.MARIADB_114).in(parent).start().close();
        assertThat(owner.server.isAlive()).isFalse();
        assertThat(parent).isEmptyDirectory();
    }

    @Test
    void anOwnedServerIsNotCleared(@TempDir Path parent) {
        try (EmbeddedServer embedded =
                EmbeddedServer.of(ServerKind.MARIADB_114).in(parent).start()) {
            Leftovers.clear(parent);
            assertThat(ProcessHandle.of(embedded.pid())).isPresent();
            assertThat(embedded.directory()).exists();
        }
    }

    /** Another JVM with one server. */
    private static final class Owner {
        private final Process jvm;
        private final ProcessHandle server;

        private Owner(Path parent) throws Exception {
            String java =
                    Path.of(System.getProperty("java.home"), "bin", "java").toString();
            String classPath = System.getProperty("java.class.path");
            jvm = new ProcessBuilder(java, "-cp", classPath, Program.class.getName(), parent.toString())
                    .redirectError(Redirect.INHERIT)
                    .start();
            BufferedReader output = jvm.inputReader();
            server = ProcessHandle.of(Long.parseLong(output.readLine())).orElseThrow();
        }
    }

    static final class Program {
        public static void main(String[] arguments) throws Exception {
            EmbeddedServer embedded = EmbeddedServer.of(ServerKind.MARIADB_114)
                    .in(Path.of(arguments[0]))
                    .start();
            System.out.println(embedded.pid());
            Thread.currentThread().join();
        }
    }
}

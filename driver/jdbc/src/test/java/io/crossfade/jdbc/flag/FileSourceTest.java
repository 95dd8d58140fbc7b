package io.crossfade.jdbc.flag;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.crossfade.model.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSourceTest {
    @TempDir
    private Path folder;

    @Test
    void fileThatIsReplacedIsSeenEvenWithTheSameTimeAndSize() throws Exception {
        Path file = folder.resolve("shares.yaml");
        Files.writeString(file, "orders-status: 40\n");
        FileTime time = Files.getLastModifiedTime(file);
        try (Feeds feeds = new Feeds(new FileSource(file))) {
            assertThat(feeds.look()).isEqualTo(40);
            replace(file, "orders-status: 60\n");
            Files.setLastModifiedTime(file, time);
            assertThat(feeds.look()).isEqualTo(60);
            assertThat(feeds.look()).isEqualTo(60);
            assertThat(feeds.log(Level.INFO))
                    .isEqualTo("INFO orders-status: the file " + file + " asks for 40 % of the reads\n"
                            + "INFO orders-status: the file " + file + " asks for 60 % of the reads");
        }
    }

    @Test
    void linkThatIsTurnedIsFollowed() throws Exception {
        Path one = Files.createDirectory(folder.resolve("one"));
        Path two = Files.createDirectory(folder.resolve("two"));
        Files.writeString(one.resolve("shares.yaml"), "orders-status: 40\n");
        Files.writeString(two.resolve("shares.yaml"), "orders-status: 60\n");
        Path data = Files.createSymbolicLink(folder.resolve("data"), one);
        Path file = Files.createSymbolicLink(folder.resolve("shares.yaml"), data.resolve("shares.yaml"));
        try (Feeds feeds = new Feeds(new FileSource(file))) {
            assertThat(feeds.look()).isEqualTo(40);
            Path turned = Files.createSymbolicLink(folder.resolve("turned"), two);
            Files.move(turned, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            assertThat(feeds.look()).isEqualTo(60);
        }
    }

    @Test
    void halfWrittenFileKeepsTheLastGoodValueUntilItIsWhole() throws Exception {
        Path file = folder.resolve("shares.yaml");
        String before = "orders-status: 40\n";
        String after = "users-name: true\norders-status: 100\n";
        Files.writeString(file, before);
        try (Feeds feeds = new Feeds(new FileSource(file))) {
            assertThat(feeds.look()).isEqualTo(40);
            for (int end = 0; end < after.length(); end++) {
                Files.writeString(file, after.substring(0, end));
                assertThat(feeds.look()).as(after.substring(0, end)).isEqualTo(40);
            }
            Files.writeString(file, after);
            assertThat(feeds.look()).isEqualTo(100);
        }
    }

    @Test
    void fileThatIsGoneKeepsTheLastGoodValueAndIsMissedOnce() throws Exception {
        Path file = folder.resolve("shares.yaml");
        Files.writeString(file, "orders-status: 40\n");
        try (Feeds feeds = new Feeds(new FileSource(file))) {
            assertThat(feeds.look()).isEqualTo(40);
            Files.delete(file);
            for (int i = 0; i < 5; i++) {
                assertThat(feeds.look()).isEqualTo(40);
            }
            assertThat(feeds.warnings()).isOne();
            assertThat(feeds.log(Level.WARN)).contains("there is no such file").contains(file.toString());
            Files.writeString(file, "orders-status: 40\n");
            assertThat(feeds.look()).isEqualTo(40);
            assertThat(feeds.log(Level.INFO)).endsWith("INFO flags are read again from the file " + file);
            feeds.control.set(Feeds.control(Stage.LIVE, 0));
            assertThat(feeds.percent()).as("the kill switch").isZero();
        }
    }

    @Test
    void lineThatIsGoneKeepsItsLastGoodValueAndNullGivesItUp() throws Exception {
        Path file = folder.resolve("shares.yaml");
        Files.writeString(file, "orders-status: 40\n");
        try (Feeds feeds = new Feeds(new FileSource(file))) {
            assertThat(feeds.look()).isEqualTo(40);
            Files.writeString(file, "{}\n");
            assertThat(feeds.look()).isEqualTo(40);
            Files.writeString(file, "orders-status: null\n");
            assertThat(feeds.look()).as("the control table's").isEqualTo(10);
        }
    }

    @Test
    void fileThatIsTooLongOrAFolderIsNotTaken() throws Exception {
        Path file = folder.resolve("shares.yaml");
        Files.writeString(file, "orders-status: 40\n" + "#".repeat(FileSource.BYTES_MAX) + "\n");
        try (Feeds feeds = new Feeds(new FileSource(file))) {
            assertThat(feeds.look()).isEqualTo(10);
            assertThat(feeds.log(Level.WARN)).contains("more than " + FileSource.BYTES_MAX + " bytes");
        }
        try (Feeds feeds = new Feeds(new FileSource(folder))) {
            assertThat(feeds.look()).isEqualTo(10);
            assertThat(feeds.log(Level.WARN)).contains("cannot be read");
        }
    }

    private static void replace(Path file, String text) throws IOException {
        Path beside = file.resolveSibling("shares.new");
        Files.writeString(beside, text);
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}

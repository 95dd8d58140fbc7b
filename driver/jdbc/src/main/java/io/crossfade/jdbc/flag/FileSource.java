package io.crossfade.jdbc.flag;

import io.crossfade.flag.FlagAnswer;
import io.crossfade.flag.FlagException;
import io.crossfade.flag.ShareFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/**
 * A file of shares. It is read whole at each look: a few hundred bytes cost less than being told wrongly that nothing has
 * changed, as time stamps and watch services do for links that are turned and for file systems of containers.
 *
 * <p>One thread at a time.
 */
final class FileSource implements FlagSource {

    /** A thousand changes have room. Judged, not measured. */
    static final int BYTES_MAX = 256 * 1024;

    private final Path file;
    private byte[] last = new byte[0];

    FileSource(Path file) {
        this.file = file;
    }

    @Override
    public String name() {
        return "the file " + file;
    }

    @Override
    public Optional<FlagAnswer> look(Set<String> openChanges) throws FlagException {
        byte[] bytes = read();
        if (bytes.length > 0 && Arrays.equals(bytes, last)) {
            return Optional.empty();
        }
        FlagAnswer answer = ShareFile.read(file.toString(), new String(bytes, StandardCharsets.UTF_8));
        last = bytes;
        return Optional.of(answer);
    }

    private byte[] read() throws FlagException {
        // Once it could not be read, it is read anew even if it comes back as it was: its failure is over then.
        byte[] before = last;
        last = new byte[0];
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(BYTES_MAX + 1);
            if (bytes.length > BYTES_MAX) {
                throw new FlagException(
                        "it has more than " + BYTES_MAX + " bytes; a file of shares has a line for each change");
            }
            last = before;
            return bytes;
        } catch (NoSuchFileException e) {
            throw new FlagException("there is no such file; put it back");
        } catch (IOException e) {
            throw new FlagException("it cannot be read: " + e.getClass().getSimpleName());
        }
    }
}

package io.crossfade.cli;

import io.crossfade.model.Change;
import io.crossfade.model.ChangeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads the change file that a command line names. */
final class ChangeFileArgument {

    private ChangeFileArgument() {}

    static Change read(Path file) {
        try {
            return ChangeFile.parse(file.toString(), Files.readString(file));
        } catch (NoSuchFileException e) {
            throw new UsageException(
                    "cannot read the change file: " + file + "; there is no such file; look at its path");
        } catch (IOException e) {
            throw new UsageException(
                    "cannot read the change file: " + file + "; " + e.getMessage() + "; name a file that can be read");
        }
    }
}

package io.crossfade.cli;

import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.model.Change;
import io.crossfade.model.ChangeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the change file that a command line names. */
final class ChangeFileArgument {

    /** What the list of faults in a message is indented by, and how a fault names its column. */
    private static final String INDENT = "  ";

    private static final Pattern NAME = Pattern.compile("\"([A-Za-z0-9_$]+)\"");

    private ChangeFileArgument() {}

    /** The faults that the catalog showed, each with the place in the file where its column is named. */
    static MigrationException located(Path file, MigrationException e) {
        if (e.kind() != MigrationException.Kind.REFUSED) {
            return e;
        }
        try {
            String yaml = Files.readString(file);
            List<String> lines = new ArrayList<>();
            for (String line : String.valueOf(e.getMessage()).split("\n")) {
                Matcher name = NAME.matcher(line);
                boolean isFault = line.startsWith(INDENT) && name.find();
                lines.add(
                        isFault
                                ? ChangeFile.placeOf(file.toString(), yaml, name.group(1))
                                        .map(place -> INDENT + place + ": " + line.substring(INDENT.length()))
                                        .orElse(line)
                                : line);
            }
            return MigrationException.refused(String.join("\n", lines));
        } catch (IOException gone) {
            e.addSuppressed(gone);
            return e;
        }
    }

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

package io.crossfade.cli.alter;

import io.crossfade.model.TableName;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Where commands are taken when nothing else is said: gh-ost's {@code gh-ost.DATABASE.TABLE.sock}, where both names are plain.
 *
 * <p>Of others what a file name may not hold is replaced, and a number made of both names follows, so that no two tables share
 * a file: a slash, a dot, of which one could not tell which name it belongs to, what the terminal's character set may not have. So
 * it is with names that are too long for a socket.
 */
final class SocketFile {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_$ -]+");

    private static final Pattern NOT_PLAIN = Pattern.compile("[^A-Za-z0-9_$. -]");

    /** Servers of a socket and its visitors have 108 bytes for the whole path on Linux, with the zero at its end; others 104. */
    private static final int PATH_BYTES_MAX = 103;

    private static final int HASH_BYTES = 8;

    private SocketFile() {}

    /** The file for a table, in this folder. */
    static Path of(String folder, TableName table) {
        Path plain = Path.of(folder, "gh-ost.x.sock").toAbsolutePath();
        int room = PATH_BYTES_MAX - plain.toString().getBytes(StandardCharsets.UTF_8).length + 1;
        String both = table.schema() + "." + table.table();
        boolean isPlain = PLAIN.matcher(table.schema()).matches()
                && PLAIN.matcher(table.table()).matches();
        String hash = "~" + hash(table);
        // In a folder that is too deep for either no form helps.
        if (isPlain && (both.length() <= room || hash.length() > room)) {
            return Path.of(folder, "gh-ost." + both + ".sock");
        }
        String kept = NOT_PLAIN.matcher(both).replaceAll("_");
        int length = Math.min(kept.length(), Math.max(0, room - hash.length()));
        return Path.of(folder, "gh-ost." + kept.substring(0, length) + hash + ".sock");
    }

    private static String hash(TableName table) {
        try {
            // No name holds a zero.
            byte[] both = (table.schema() + "\0" + table.table()).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(both), 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}

package io.crossfade.migrator.apply;

import io.crossfade.migrator.row.Row;
import io.crossfade.migrator.session.SqlFailure;
import io.crossfade.migrator.signal.MigrationException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Puts row images into the ghost: the last image of each key wins. Within one transaction all keys of a batch are taken out and
 * then the rows that are there put in, so that two rows may exchange a unique value, and a key may change its spelling under a
 * collation for which both are the same.
 *
 * <p>While the copy goes on, the ghost holds rows of different moments, and a unique value may still be held by a row whose newer
 * image is to come. Neither REPLACE (it would delete that row) nor INSERT IGNORE (it would lose this one) may decide that: the row
 * is left <em>owing</em> and tried again, until the image comes that frees its value. What still owes when everything has been
 * applied is a true duplicate.
 *
 * <p>One thread at a time.
 */
public final class Applier {

    /** Well under the smallest max_allowed_packet that servers come with, 4 MiB. */
    private static final int STATEMENT_CHARS_MAX = 1_000_000;

    /** MySQL reads the whole table for 1000 keys of two columns, whatever index it is told, and uses the index for 300. */
    private static final int KEYS_MAX = 250;

    /** Rows of one INSERT IGNORE: 64 warnings are told. */
    private static final int TOLD_MAX = 50;

    /** Not known how many rows are in. */
    private static final int UNTOLD = -1;

    private final GhostSql sql;
    private final String table;

    /** The one that waits for its turn longest comes first. */
    private final Map<List<String>, Image> owing = new LinkedHashMap<>();

    private final AtomicInteger owingImages = new AtomicInteger();
    private final AtomicLong owingBytes = new AtomicLong();
    private int leftOfRound;
    private long rounds;

    /**
     * @param table for messages
     */
    public Applier(GhostSql sql, String table) {
        this.sql = sql;
        this.table = table;
    }

    /**
     * Applies images in one transaction.
     *
     * @param connection in manual commit
     * @return the images that need not be remembered any more: those in the ghost, and those overtaken by newer ones
     */
    public List<Image> apply(Connection connection, List<Image> images) throws SQLException {
        Map<List<String>, Image> last = new LinkedHashMap<>();
        for (Image image : images) {
            last.put(image.key(), image);
        }
        Map<List<String>, Image> refused = new LinkedHashMap<>();
        try {
            stage(connection);
            write(connection, last.values(), refused);
            connection.commit();
        } catch (SQLException | RuntimeException e) {
            rollBack(connection);
            throw e;
        }
        List<Image> done = new ArrayList<>(images);
        for (List<String> key : last.keySet()) {
            Image overtaken = owesNoMore(key);
            if (overtaken != null) {
                done.add(overtaken);
            }
        }
        done.removeIf(image -> isAmong(refused, image));
        owe(refused);
        return done;
    }

    private void owe(Map<List<String>, Image> refused) {
        owing.putAll(refused);
        owingImages.set(owing.size());
        owingBytes.addAndGet(refused.values().stream().mapToLong(Image::bytes).sum());
    }

    private @Nullable Image owesNoMore(List<String> key) {
        Image image = owing.remove(key);
        owingImages.set(owing.size());
        owingBytes.addAndGet(image == null ? 0 : -image.bytes());
        return image;
    }

    /**
     * Tries the rows that owe once more, in one transaction: not all of them, but those that have waited longest, so that its work is
     * bounded however many there are.
     *
     * @return those that are in now
     */
    public List<Image> settle(Connection connection) throws SQLException {
        if (owing.isEmpty()) {
            return List.of();
        }
        List<Image> tried = owing.values().stream().limit(KEYS_MAX).toList();
        Map<List<String>, Image> refused = new LinkedHashMap<>();
        try {
            stage(connection);
            write(connection, tried, refused);
            connection.commit();
        } catch (SQLException | RuntimeException e) {
            rollBack(connection);
            throw e;
        }
        leftOfRound = (leftOfRound <= 0 ? owing.size() : leftOfRound) - tried.size();
        rounds += leftOfRound <= 0 ? 1 : 0;
        tried.forEach(image -> owesNoMore(image.key()));
        owe(refused);
        List<Image> done = new ArrayList<>(tried);
        done.removeIf(image -> isAmong(refused, image));
        return done;
    }

    /** How often every row that owed was tried. */
    public long rounds() {
        return rounds;
    }

    /** How many rows owe; for any thread. */
    public int owingImages() {
        return owingImages.get();
    }

    /** The memory that these take; for any thread. */
    public long owingBytes() {
        return owingBytes.get();
    }

    /** The keys of rows that could not be put in yet. */
    public Set<List<String>> owing() {
        return new LinkedHashSet<>(owing.keySet());
    }

    /** The places of their images among the events. */
    public Set<Long> owingOrdinals() {
        Set<Long> ordinals = new LinkedHashSet<>();
        owing.values().forEach(image -> ordinals.add(image.ordinal()));
        return ordinals;
    }

    private void write(Connection connection, Collection<Image> images, Map<List<String>, Image> refused)
            throws SQLException {
        try {
            delete(connection, images.stream().map(Image::key).toList());
            insert(connection, rows(images), false);
        } catch (SQLException e) {
            if (!SqlFailure.isDuplicate(e)) {
                throw told(e);
            }
            connection.rollback();
            writeWhatGoes(connection, images, refused);
        }
    }

    /** In order, as if one by one: a row that is refused stays out, the others go in. */
    private void writeWhatGoes(Connection connection, Collection<Image> images, Map<List<String>, Image> refused)
            throws SQLException {
        // A server may tell none, and what it does not tell is not seen.
        execute(connection, "SET SESSION max_error_count = 64");
        delete(connection, images.stream().map(Image::key).toList());
        List<Image> rows = images.stream().filter(image -> image.row() != null).toList();
        for (int from = 0; from < rows.size(); from += TOLD_MAX) {
            insertWhatGoes(connection, rows.subList(from, Math.min(rows.size(), from + TOLD_MAX)), refused);
        }
    }

    /** All go in, or none, or the halves are tried: a thousand rows that are refused cost twenty statements, not a thousand. */
    private void insertWhatGoes(Connection connection, List<Image> images, Map<List<String>, Image> refused)
            throws SQLException {
        if (images.size() == 1) {
            insertOrOwe(connection, images.get(0), refused);
            return;
        }
        int in = insert(connection, rows(images), true);
        if (in == 0) {
            images.forEach(image -> refused.put(image.key(), image));
        } else if (in != images.size()) {
            delete(connection, images.stream().map(Image::key).toList());
            int half = images.size() / 2;
            insertWhatGoes(connection, images.subList(0, half), refused);
            insertWhatGoes(connection, images.subList(half, images.size()), refused);
        }
    }

    private void insertOrOwe(Connection connection, Image image, Map<List<String>, Image> refused) throws SQLException {
        try {
            insert(connection, rows(List.of(image)), false);
        } catch (SQLException e) {
            // The server has undone this one statement, not the transaction.
            if (!SqlFailure.isDuplicate(e)) {
                throw told(e);
            }
            refused.put(image.key(), image);
        }
    }

    private static List<Row> rows(Collection<Image> images) {
        List<Row> rows = new ArrayList<>();
        for (Image image : images) {
            Row row = image.row();
            if (row != null) {
                rows.add(row);
            }
        }
        return rows;
    }

    private void delete(Connection connection, List<List<String>> keys) throws SQLException {
        for (int from = 0; from < keys.size(); from += KEYS_MAX) {
            execute(connection, sql.delete(keys.subList(from, Math.min(keys.size(), from + KEYS_MAX))));
        }
    }

    /**
     * Puts rows in.
     *
     * @param passesOver whether duplicates are left out
     * @return how many are in; {@link #UNTOLD} where something else than a duplicate was left out or made to fit
     */
    private int insert(Connection connection, List<Row> rows, boolean passesOver) throws SQLException {
        if (rows.isEmpty()) {
            return 0;
        }
        if (!sql.isStaged()) {
            return insertImages(connection, rows, passesOver);
        }
        execute(connection, sql.clearStage());
        if (sql.isZoned()) {
            execute(connection, "SET time_zone = '+00:00'");
        }
        try {
            insertImages(connection, rows, false);
        } finally {
            if (sql.isZoned()) {
                execute(connection, "SET time_zone = @@GLOBAL.time_zone");
            }
        }
        return put(connection, sql.insertStaged(), rows.size(), passesOver);
    }

    private int insertImages(Connection connection, List<Row> rows, boolean passesOver) throws SQLException {
        StringBuilder text = new StringBuilder();
        int texts = 0;
        int in = 0;
        for (Row row : rows) {
            String values = sql.values(row);
            if (texts > 0 && text.length() + values.length() > STATEMENT_CHARS_MAX) {
                in = sum(in, put(connection, text.toString(), texts, passesOver));
                text.setLength(0);
                texts = 0;
            }
            text.append(texts++ == 0 ? sql.insertHead() : ", ").append(values);
        }
        return sum(in, put(connection, text.toString(), texts, passesOver));
    }

    private static int sum(int one, int other) {
        return one == UNTOLD || other == UNTOLD ? UNTOLD : one + other;
    }

    /**
     * An INSERT of rows. IGNORE decides nothing: what it left out is counted, and it must be duplicates alone; they stay owing.
     */
    private static int put(Connection connection, String insert, int rows, boolean passesOver) throws SQLException {
        if (!passesOver) {
            execute(connection, insert);
            return rows;
        }
        try (Statement s = connection.createStatement()) {
            int in = s.executeUpdate("INSERT IGNORE" + insert.substring("INSERT".length()));
            int duplicates = 0;
            try (ResultSet r = s.executeQuery("SHOW WARNINGS")) {
                while (r.next()) {
                    if (!SqlFailure.isDuplicate(r.getInt(2))) {
                        return UNTOLD;
                    }
                    duplicates++;
                }
            }
            return in + duplicates == rows ? in : UNTOLD;
        }
    }

    /** A temporary table lives with its session, so it is made anew on each. */
    private void stage(Connection connection) throws SQLException {
        if (!sql.isStaged() || isStageThere(connection)) {
            return;
        }
        // With GTIDs a temporary table is made outside of transactions.
        connection.setAutoCommit(true);
        execute(connection, sql.createStage());
        connection.setAutoCommit(false);
    }

    private boolean isStageThere(Connection connection) {
        try (Statement s = connection.createStatement()) {
            s.executeQuery("SELECT 1 FROM " + sql.stage() + " LIMIT 0").close();
            return true;
        } catch (SQLException e) {
            return false;
        }
    }

    private static boolean isAmong(Map<List<String>, Image> images, Image image) {
        Image other = images.get(image.key());
        return other != null && other.ordinal() == image.ordinal();
    }

    /** A value that does not fit, told without the value. */
    private SQLException told(SQLException e) {
        if (SqlFailure.isMisfit(e)) {
            throw MigrationException.stopped("stopped: apply to the ghost of " + table
                    + "; a row that was written meanwhile does"
                    + " not fit the new structure"
                    + SqlFailure.column(e).map(c -> " in column \"" + c + "\"").orElse("") + " (error "
                    + e.getErrorCode() + "); mend the row or the ALTER, then run the same command again");
        }
        return e;
    }

    private static void rollBack(Connection connection) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            // The connection is gone, and its transaction with it.
            return;
        }
    }

    private static void execute(Connection connection, String text) throws SQLException {
        try (Statement s = connection.createStatement()) {
            s.execute(text);
        }
    }
}

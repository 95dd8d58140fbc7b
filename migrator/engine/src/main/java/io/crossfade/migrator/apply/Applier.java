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
import java.util.List;
import java.util.Map;
import java.util.Set;

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
 * <p>A row that does not fit the new structure owes too: the log may be read a second time, and the row have been mended since. Whether a
 * newer image is coming is for others to find out.
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

    private final Owing owing = new Owing();
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
        Owing refused = carriedOut(connection, last.values());
        List<Image> done = new ArrayList<>(images);
        for (List<String> key : last.keySet()) {
            Image overtaken = owing.remove(key);
            if (overtaken != null) {
                done.add(overtaken);
            }
        }
        done.removeIf(refused::has);
        owing.addAll(refused);
        return done;
    }

    /** One transaction; gives the rows that it could not put in. */
    private Owing carriedOut(Connection connection, Collection<Image> images) throws SQLException {
        Owing refused = new Owing();
        try {
            stage(connection);
            write(connection, images, refused);
            connection.commit();
            return refused;
        } catch (SQLException | RuntimeException e) {
            rollBack(connection);
            if (e instanceof SQLException failure && SqlFailure.isTooLarge(failure)) {
                throw MigrationException.stopped("stopped: apply to the ghost of " + table + "; a row (known by "
                        + sql.keyColumns()
                        + ") that was written meanwhile is larger, as a statement, than max_allowed_packet"
                        + " of the server or the driver allows; raise it, for the server and in the URL, to more than twice the"
                        + " bytes of the widest row, and run the same command again");
            }
            throw e;
        }
    }

    /**
     * Tries the rows that owe once more, in one transaction: not all of them, but those that have waited longest, so that its work is
     * bounded however many there are.
     *
     * @return those that are in now
     */
    public List<Image> settle(Connection connection) throws SQLException {
        List<Image> tried = owing.first(KEYS_MAX);
        if (tried.isEmpty()) {
            return List.of();
        }
        Owing refused = carriedOut(connection, tried);
        leftOfRound = (leftOfRound <= 0 ? owing.duplicates() : leftOfRound) - tried.size();
        rounds += leftOfRound <= 0 ? 1 : 0;
        tried.forEach(image -> owing.remove(image.key()));
        owing.addAll(refused);
        List<Image> done = new ArrayList<>(tried);
        done.removeIf(refused::has);
        return done;
    }

    /** How often every row that owed was tried. */
    public long rounds() {
        return rounds;
    }

    /** How many rows wait for a unique value; for any thread. */
    public int owingImages() {
        return owing.duplicates();
    }

    /** How many rows do not fit, as far as is known; for any thread. */
    public int misfitImages() {
        return owing.misfitRows();
    }

    /** The memory that all rows take that are not in; for any thread. */
    public long owingBytes() {
        return owing.bytes();
    }

    /** The keys of rows that wait for a unique value. */
    public Set<List<String>> owing() {
        return owing.duplicateKeys();
    }

    /** The places among the events of all images that are applied and not in. */
    public Set<Long> owingOrdinals() {
        return owing.ordinals();
    }

    /** Those of them whose row the new structure cannot hold; a newer image of it may be on its way. */
    public Set<Long> misfitOrdinals() {
        return owing.misfitOrdinals();
    }

    /** The words for the operator, where no newer image of such a row is coming. */
    public MigrationException misfit(long ordinal) {
        return MigrationException.stopped("stopped: apply to the ghost of " + table
                + "; a row that was written meanwhile does not fit the new structure" + owing.place(ordinal)
                + "; mend the row or the ALTER, then run the same command again");
    }

    private void write(Connection connection, Collection<Image> images, Owing refused) throws SQLException {
        try {
            delete(connection, images.stream().map(Image::key).toList());
            insert(connection, rows(images), false);
        } catch (SQLException e) {
            if (!isRefusal(e)) {
                throw e;
            }
            connection.rollback();
            writeWhatGoes(connection, images, refused);
        }
    }

    /** In order, as if one by one: a row that is refused stays out, the others go in. */
    private void writeWhatGoes(Connection connection, Collection<Image> images, Owing refused) throws SQLException {
        // A server may tell none, and what it does not tell is not seen.
        execute(connection, "SET SESSION max_error_count = 64");
        delete(connection, images.stream().map(Image::key).toList());
        List<Image> rows = images.stream().filter(image -> image.row() != null).toList();
        for (int from = 0; from < rows.size(); from += TOLD_MAX) {
            insertWhatGoes(connection, rows.subList(from, Math.min(rows.size(), from + TOLD_MAX)), refused);
        }
    }

    /** All go in, or none, or the halves are tried: a thousand rows that are refused cost twenty statements, not a thousand. */
    private void insertWhatGoes(Connection connection, List<Image> images, Owing refused) throws SQLException {
        if (images.size() == 1) {
            insertOrOwe(connection, images.get(0), refused);
            return;
        }
        int in = insert(connection, rows(images), true);
        if (in == 0) {
            images.forEach(refused::addDuplicate);
        } else if (in != images.size()) {
            delete(connection, images.stream().map(Image::key).toList());
            int half = images.size() / 2;
            insertWhatGoes(connection, images.subList(0, half), refused);
            insertWhatGoes(connection, images.subList(half, images.size()), refused);
        }
    }

    private void insertOrOwe(Connection connection, Image image, Owing refused) throws SQLException {
        try {
            insert(connection, rows(List.of(image)), false);
        } catch (SQLException e) {
            // The server has undone this one statement, not the transaction.
            if (SqlFailure.isDuplicate(e)) {
                refused.addDuplicate(image);
            } else if (SqlFailure.isMisfit(e)) {
                refused.addMisfit(image, SqlFailure.place(e));
            } else {
                throw e;
            }
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

    private static boolean isRefusal(SQLException e) {
        return SqlFailure.isDuplicate(e) || SqlFailure.isMisfit(e);
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

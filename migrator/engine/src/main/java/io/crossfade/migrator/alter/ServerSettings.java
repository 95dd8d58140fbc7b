package io.crossfade.migrator.alter;

import io.crossfade.migrator.checkpoint.AlterCheckpoint;
import io.crossfade.migrator.mysql.Server;
import io.crossfade.migrator.session.SqlFailure;
import io.crossfade.migrator.signal.Progress;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * The server's settings that a run was asked to change for its time. The checkpoints tell which were, before they are: so the run that
 * comes after a killed one sets them back at its end.
 *
 * <p>One thread at a time.
 */
final class ServerSettings {
    private final Site site;

    ServerSettings(Site site) {
        this.site = site;
    }

    /** Fails where they may not be changed: what is OFF is set to OFF. */
    void requireAllowed(Connection control) throws SQLException {
        for (String variable : off(control)) {
            set(control, variable, "OFF");
        }
    }

    /** Changes them. A variable that the server does not know, or that is ON, is left as it is. */
    void change(Connection control, List<TableRun> tables) throws SQLException {
        List<String> off = off(control);
        if (off.isEmpty()) {
            return;
        }
        TableRun first = tables.get(0);
        List<String> owed = new ArrayList<>(first.checkpoint.switchedOn());
        off.stream().filter(v -> !owed.contains(v)).forEach(owed::add);
        AlterCheckpoint now = first.checkpoint.switchedOn(owed);
        first.checkpoints.save(control, now);
        first.checkpoint = now;
        for (String variable : off) {
            set(control, variable, "ON");
            tell("set the server's " + variable + " to ON, as asked; it is set back to OFF when the run ends");
        }
    }

    /** Sets back what this run or one before it has changed. It does not fail: what cannot be set back is warned of, and still noted. */
    void back(List<TableRun> tables) {
        for (TableRun table : tables) {
            AlterCheckpoint before = table.checkpoint;
            AlterCheckpoint after = back(before);
            if (after.equals(before)) {
                continue;
            }
            table.checkpoint = after;
            try (Connection connection = site.sessions().open()) {
                table.checkpoints.save(connection, after);
            } catch (SQLException e) {
                // The next run sets back once more what is back already.
                tell("the checkpoint of " + table.name() + " still says that settings are to be set back: " + shown(e));
            }
        }
    }

    /**
     * The same for a checkpoint that is found.
     *
     * @return what is owed afterwards
     */
    AlterCheckpoint back(AlterCheckpoint found) {
        if (found.switchedOn().isEmpty()) {
            return found;
        }
        List<String> owed = new ArrayList<>(found.switchedOn());
        try (Connection connection = site.sessions().open()) {
            for (String variable : found.switchedOn()) {
                set(connection, variable, "OFF");
                owed.remove(variable);
                tell("set the server's " + variable + " back to OFF");
            }
        } catch (SQLException e) {
            for (String variable : owed) {
                site.listener()
                        .on(new Progress.Warning("could not set the server's " + variable + " back to OFF: " + shown(e)
                                + "; the same command does it when it is run again, or SET GLOBAL " + variable
                                + " = OFF"));
            }
        }
        return found.switchedOn(owed);
    }

    private List<String> off(Connection control) throws SQLException {
        List<String> off = new ArrayList<>();
        for (String variable : site.request().switches().onMeanwhile()) {
            if ("OFF".equalsIgnoreCase(Server.variable(control, variable))) {
                off.add(variable);
            }
        }
        return off;
    }

    private static void set(Connection connection, String variable, String value) throws SQLException {
        try (Statement s = connection.createStatement()) {
            s.execute("SET GLOBAL " + variable + " = " + value);
        }
    }

    private static String shown(SQLException e) {
        return SqlFailure.shown(e);
    }

    private void tell(String text) {
        site.listener().on(new Progress.Note(text));
    }
}

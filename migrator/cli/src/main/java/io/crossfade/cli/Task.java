package io.crossfade.cli;

import io.crossfade.cli.socket.HostWatch;
import io.crossfade.migrator.run.Migrator;
import io.crossfade.migrator.run.Settings;
import io.crossfade.migrator.session.SqlFailure;
import io.crossfade.migrator.signal.Listener;
import io.crossfade.migrator.signal.MigrationException;
import io.crossfade.migrator.signal.Progress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** What all commands that work through the engine share: a connected migrator, and progress on the screen. */
abstract class Task implements Callable<Integer> {

    @ParentCommand
    private @Nullable Crossfade parent;

    @Mixin
    private ConnectionOptions connection = new ConnectionOptions();

    @Mixin
    private PaceOptions pace = new PaceOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    private Listener said = progress -> {};

    @Override
    public final Integer call() throws Exception {
        Crossfade top = parent;
        if (top == null) {
            throw new IllegalStateException("a command needs its parent");
        }
        top.isVerbose(output.isVerbose());
        prepare();
        Listener shown = output.listener();
        // The throttles speak from a thread of their own.
        Listener listener = progress -> {
            synchronized (shown) {
                shown.on(progress);
            }
        };
        said = listener;
        try (HostWatch watch = new HostWatch(connection::open, text -> listener.on(new Progress.Note(text)));
                Migrator migrator = Migrator.open(
                        watch::open,
                        settings(pace.settings().withLog(connection.log())),
                        pace.throttles(connection, text -> listener.on(new Progress.Note(text))),
                        top.interruption().cancel(),
                        listener,
                        who())) {
            return carriedOut(migrator).code();
        } finally {
            if (shown instanceof TextProgress text) {
                text.end();
            }
        }
    }

    /** A lost server is no fault of the change: what is done is done, and the command goes on from there. */
    private ExitCode carriedOut(Migrator migrator) throws SQLException {
        try {
            return run(migrator);
        } catch (SQLException e) {
            if (!SqlFailure.isLostConnection(e)) {
                throw e;
            }
            MigrationException lost = MigrationException.stopped("stopped: the connection to the server was lost ("
                    + SqlFailure.line(e)
                    + "); all that was done is saved; run the same command again when the server answers");
            lost.addSuppressed(e);
            throw lost;
        }
    }

    /** What this command wants otherwise. */
    Settings settings(Settings usual) {
        return usual;
    }

    /** Reads what can be read before a connection is made. */
    void prepare() throws Exception {}

    abstract ExitCode run(Migrator migrator) throws SQLException;

    final boolean isJson() {
        return output.isJson();
    }

    /** Tells the result. */
    final void say(String text) {
        said.on(new Progress.Note(text));
    }

    /** The operator as {@code anna@laptop (process 4711)}. */
    private static String who() {
        String host;
        try {
            host = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            host = "unknown";
        }
        return System.getProperty("user.name", "unknown") + "@" + host + " (process "
                + ProcessHandle.current().pid() + ")";
    }
}

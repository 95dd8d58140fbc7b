package io.crossfade.cli.socket;

import com.mysql.cj.MysqlConnection;
import com.mysql.cj.NativeSession;
import com.mysql.cj.conf.PropertySet;
import com.mysql.cj.protocol.StandardSocketFactory;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import jdk.net.ExtendedSocketOptions;

/**
 * Connector/J's sockets, whose other end the operating system asks for signs of life while an answer is waited for: a server's host
 * that has lost its power or its network is seen within 40 s. A statement may take as long as it takes, since the kernel of a
 * host that lives answers for it; a bound on reading, as {@code socketTimeout} is, would cut it off.
 *
 * <p>A request that the host has never acknowledged is not asked about: that the operating system sends again, for some 15 minutes on
 * Linux, before it gives the connection up.
 *
 * <p>One connection's, as Connector/J makes it. One thread at a time.
 */
public final class WatchedSockets extends StandardSocketFactory {

    /** After so long without a word the first question is sent. */
    private static final int IDLE_SECONDS = 10;

    private static final int INTERVAL_SECONDS = 5;

    /** So many questions without an answer, and the connection is lost: some packets may be. */
    private static final int QUESTIONS_MAX = 6;

    /** Has sessions use them that are opened with these properties, but where their URL names others: Connector/J asks it last. */
    public static void into(Properties properties, String url) {
        if (!url.toLowerCase(Locale.ROOT).contains("socketfactory=")) {
            properties.setProperty("socketFactory", WatchedSockets.class.getName());
        }
    }

    /**
     * Ends a session's connection under it, from any thread and at once. Closing a session would say goodbye first, and under TLS wait for
     * the other side's: a host that is silent says none.
     */
    static void cut(Connection session) {
        try {
            if (session.unwrap(MysqlConnection.class).getSession() instanceof NativeSession open
                    && open.getProtocol().getSocketConnection().getSocketFactory() instanceof WatchedSockets ours) {
                ours.rawSocket.close();
            }
        } catch (SQLException | IOException e) {
            // It was lost already.
            return;
        }
    }

    @Override
    protected void configureSocket(Socket socket, PropertySet properties) throws IOException {
        super.configureSocket(socket, properties);
        // Where the URL turns it off the rest has no meaning.
        if (!socket.getKeepAlive()) {
            return;
        }
        Map<SocketOption<Integer>, Integer> wanted = Map.of(
                ExtendedSocketOptions.TCP_KEEPIDLE, IDLE_SECONDS,
                ExtendedSocketOptions.TCP_KEEPINTERVAL, INTERVAL_SECONDS,
                ExtendedSocketOptions.TCP_KEEPCOUNT, QUESTIONS_MAX);
        for (Map.Entry<SocketOption<Integer>, Integer> each : wanted.entrySet()) {
            // Some systems do not have them.
            if (socket.supportedOptions().contains(each.getKey())) {
                socket.setOption(each.getKey(), each.getValue());
            }
        }
    }
}

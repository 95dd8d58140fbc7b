package io.crossfade.cli.socket;

import com.mysql.cj.MysqlConnection;
import com.mysql.cj.NativeSession;
import java.io.IOException;
import java.net.Socket;
import java.sql.Connection;
import java.sql.SQLException;
import jdk.net.ExtendedSocketOptions;

/** What a real session's socket is set to. Immutable. */
public record KeepAlive(boolean isOn, int idleSeconds, int intervalSeconds, int questionsMax, int readMillisMax) {

    /** A host that is gone is seen within 40 s, and no statement is cut off. */
    public static final KeepAlive OURS = new KeepAlive(true, 10, 5, 6, 0);

    /** That of a session without TLS. */
    public static KeepAlive of(Connection connection) throws SQLException, IOException {
        NativeSession session =
                (NativeSession) connection.unwrap(MysqlConnection.class).getSession();
        Socket socket = session.getProtocol().getSocketConnection().getMysqlSocket();
        return new KeepAlive(
                socket.getKeepAlive(),
                socket.getOption(ExtendedSocketOptions.TCP_KEEPIDLE),
                socket.getOption(ExtendedSocketOptions.TCP_KEEPINTERVAL),
                socket.getOption(ExtendedSocketOptions.TCP_KEEPCOUNT),
                socket.getSoTimeout());
    }
}

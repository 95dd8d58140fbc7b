package io.crossfade.cli.alter;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which server, as whom, and what is to change. Set by the command line, then read only. */
final class TargetFlags {

    @Option(names = "--host", paramLabel = "HOST", description = "the server; of a replica the source is looked up")
    String host = "127.0.0.1";

    @Option(names = "--port", paramLabel = "PORT", description = "its port")
    int port = 3306;

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "in place of host, port and database: jdbc:mysql://host:3306/database")
    @Nullable
    String url;

    @Option(names = "--user", paramLabel = "NAME", description = "the user; else the one of --conf")
    @Nullable
    String user;

    @Option(
            names = "--password",
            paramLabel = "WORD",
            description =
                    "the password; others on this machine see it in the process list, so rather use one of the next")
    @Nullable
    String password;

    @Option(
            names = "--ask-pass",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "ask for the password on the terminal")
    boolean askPass;

    @Option(names = "--password-file", paramLabel = "FILE", description = "a file with the password in its first line")
    @Nullable
    Path passwordFile;

    @Option(
            names = "--conf",
            paramLabel = "FILE",
            description =
                    "a file with user= and password= under [client], as my.cnf; $NAME is taken from the environment")
    @Nullable
    Path conf;

    @Option(names = "--database", paramLabel = "NAME", description = "the database of the table")
    String database = "";

    @Option(names = "--table", paramLabel = "NAME", description = "the table")
    String table = "";

    @Option(names = "--alter", paramLabel = "CHANGE", description = "what stands behind ALTER TABLE t")
    String alter = "";

    @Option(
            names = "--alters",
            paramLabel = "FILE",
            description = "several tables: a YAML list of {table, alter}; one atomic cut-over")
    @Nullable
    Path alters;

    @Option(
            names = "--execute",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "do it; without, the plan is printed and nothing is changed")
    boolean execute;

    @Option(
            names = "--charset",
            paramLabel = "NAMES",
            description = "accepted: the connection agrees on utf8mb4 by itself")
    String charset = "utf8mb4,utf8,latin1";

    @Option(
            names = "--mysql-timeout",
            paramLabel = "SECONDS",
            description = "for connecting, reading and writing; 0: 10 s for connecting, none for the rest")
    double mysqlTimeout;

    @Option(
            names = "--ssl",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "TLS, with the server's certificate verified")
    boolean ssl;

    @Option(names = "--ssl-ca", paramLabel = "FILE", description = "the authority to trust, as PEM")
    @Nullable
    Path sslCa;

    @Option(names = "--ssl-cert", paramLabel = "FILE", description = "our certificate, as PEM")
    @Nullable
    Path sslCert;

    @Option(names = "--ssl-key", paramLabel = "FILE", description = "its key, as PEM, without a password")
    @Nullable
    Path sslKey;

    @Option(
            names = "--ssl-allow-insecure",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "do not look at the server's certificate")
    boolean sslAllowInsecure;

    @Option(
            names = "--assume-master-host",
            paramLabel = "HOST[:PORT]",
            description = "where to write, instead of looking it up")
    String assumeMasterHost = "";

    @Option(names = "--master-user", paramLabel = "NAME", description = "the user on the source, where it is another")
    @Nullable
    String masterUser;

    @Option(
            names = "--master-password",
            paramLabel = "WORD",
            description = "its password; also CROSSFADE_MASTER_PASSWORD")
    @Nullable
    String masterPassword;
}

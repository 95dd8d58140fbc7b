package io.crossfade.cli.alter;

import io.crossfade.migrator.stream.Endpoint;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Locale;
import java.util.Properties;
import java.util.UUID;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * gh-ost's TLS flags for Connector/J and for the reader of the change log. For Connector/J PEM files become key stores in the temporary
 * folder, readable by the owner alone, that go when the process ends. The JVM's own trust, which a throttle's address is asked by,
 * stays as it is. Immutable.
 */
final class Tls {
    private final TargetFlags flags;

    /** Guards a file that only this process reads. */
    private final String storePassword = UUID.randomUUID().toString();

    private final @Nullable KeyStore authorities;
    private final @Nullable KeyStore own;

    /** Reads the files. */
    Tls(TargetFlags flags) {
        this.flags = flags;
        if (!flags.ssl) {
            refuseWithout();
        }
        Path ca = flags.sslCa;
        authorities = ca == null ? null : authorities(ca);
        Path certificate = flags.sslCert;
        Path key = flags.sslKey;
        if ((certificate == null) != (key == null)) {
            throw new IllegalArgumentException("--ssl-cert and --ssl-key belong together; give both");
        }
        own = certificate == null || key == null ? null : own(certificate, key);
    }

    /** They would promise what is not done. */
    private void refuseWithout() {
        if (flags.sslCa != null || flags.sslCert != null || flags.sslKey != null || flags.sslAllowInsecure) {
            throw new IllegalArgumentException(
                    "--ssl-ca, --ssl-cert, --ssl-key and --ssl-allow-insecure need --ssl; give it too");
        }
    }

    Endpoint.Tls endpoint() {
        if (!flags.ssl) {
            return Endpoint.Tls.PREFERRED;
        }
        return flags.sslAllowInsecure ? Endpoint.Tls.REQUIRED : Endpoint.Tls.VERIFIED;
    }

    /** For the reader of the change log; null without --ssl. */
    @Nullable
    SSLContext context() {
        if (!flags.ssl) {
            return null;
        }
        try {
            KeyManager[] keys = null;
            if (own != null) {
                KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
                factory.init(own, storePassword.toCharArray());
                keys = factory.getKeyManagers();
            }
            TrustManager[] trust = {new Anybody()};
            if (!flags.sslAllowInsecure) {
                TrustManagerFactory factory =
                        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
                factory.init(authorities); // null: Java's own.
                trust = factory.getTrustManagers();
            }
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys, trust, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "cannot use --ssl-ca, --ssl-cert and --ssl-key: " + e.getMessage() + "; see what is in the files",
                    e);
        }
    }

    /** The properties for Connector/J. */
    Properties properties() {
        Properties properties = new Properties();
        if (!flags.ssl) {
            properties.setProperty("sslMode", "PREFERRED");
            // Without TLS a server with a cold password cache hands its key out; gh-ost's driver takes it too.
            properties.setProperty("allowPublicKeyRetrieval", "true");
            return properties;
        }
        properties.setProperty("sslMode", flags.sslAllowInsecure ? "REQUIRED" : "VERIFY_IDENTITY");
        if (authorities != null) {
            store(properties, "trustCertificateKeyStore", authorities);
        }
        if (own != null) {
            store(properties, "clientCertificateKeyStore", own);
        }
        return properties;
    }

    private void store(Properties properties, String prefix, KeyStore store) {
        properties.setProperty(prefix + "Url", written(store).toUri().toString());
        properties.setProperty(prefix + "Type", "PKCS12");
        properties.setProperty(prefix + "Password", storePassword);
    }

    private Path written(KeyStore store) {
        try {
            Path file = Files.createTempFile("crossfade", ".p12"); // The owner's alone.
            file.toFile().deleteOnExit();
            try (OutputStream out = Files.newOutputStream(file)) {
                store.store(out, storePassword.toCharArray());
            }
            return file;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException(
                    "cannot keep a key store in the temporary folder: " + e.getMessage() + "; see whether it has room",
                    e);
        }
    }

    private KeyStore authorities(Path pem) {
        return filled("--ssl-ca", pem, store -> {
            int number = 0;
            for (Certificate each : PemFiles.certificates(pem)) {
                store.setCertificateEntry("ca" + number++, each);
            }
        });
    }

    private KeyStore own(Path pem, Path key) {
        return filled("--ssl-cert and --ssl-key", key, store -> {
            Certificate[] chain = PemFiles.certificates(pem).toArray(new Certificate[0]);
            store.setKeyEntry("client", PemFiles.key(key, chain[0].getPublicKey()), storePassword.toCharArray(), chain);
        });
    }

    /** Puts something into a key store. */
    private interface Filling {
        void fill(KeyStore store) throws GeneralSecurityException, IOException;
    }

    private static KeyStore filled(String flag, Path from, Filling filling) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            filling.fill(store);
            return store;
        } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "cannot read " + flag + ": file " + from + "; "
                            + e.getClass().getSimpleName().toLowerCase(Locale.ROOT)
                            + "; it has to be PEM, a key without a password (openssl pkcs8 -topk8 -nocrypt makes one)",
                    e);
        }
    }

    /** Trusts every certificate, as --ssl-allow-insecure says, and any name in it: the extended kind, or Java would look. */
    private static final class Anybody extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}

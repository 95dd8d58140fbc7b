package io.crossfade.cli.alter;

import io.crossfade.migrator.stream.Endpoint;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.Locale;
import java.util.Properties;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * gh-ost's TLS flags for Connector/J and for the reader of the change log. PEM files become key stores in the temporary folder,
 * readable by the owner alone, that go when the process ends. Immutable.
 */
final class Tls {
    private static final String BEGIN_KEY = "-----BEGIN PRIVATE KEY-----";
    private static final String END_KEY = "-----END PRIVATE KEY-----";

    private final TargetFlags flags;

    /** Guards a file that only this process reads. */
    private final String storePassword = UUID.randomUUID().toString();

    Tls(TargetFlags flags) {
        this.flags = flags;
    }

    Endpoint.Tls endpoint() {
        if (!flags.ssl) {
            return Endpoint.Tls.PREFERRED;
        }
        return flags.sslAllowInsecure ? Endpoint.Tls.REQUIRED : Endpoint.Tls.VERIFIED;
    }

    /** The properties for Connector/J. The reader of the change log looks into the JVM's own, so they are set too. */
    Properties properties() {
        Properties properties = new Properties();
        if (!flags.ssl) {
            properties.setProperty("sslMode", "PREFERRED");
            // Without TLS a server with a cold password cache hands its key out; gh-ost's driver takes it too.
            properties.setProperty("allowPublicKeyRetrieval", "true");
            return properties;
        }
        properties.setProperty("sslMode", flags.sslAllowInsecure ? "REQUIRED" : "VERIFY_IDENTITY");
        Path ca = flags.sslCa;
        if (ca != null) {
            store(properties, "trust", trustStore(ca));
        }
        Path certificate = flags.sslCert;
        Path key = flags.sslKey;
        if ((certificate == null) != (key == null)) {
            throw new IllegalArgumentException("--ssl-cert and --ssl-key belong together; give both");
        }
        if (certificate != null && key != null) {
            store(properties, "key", keyStore(certificate, key));
        }
        return properties;
    }

    private void store(Properties properties, String kind, Path file) {
        String prefix = kind.equals("trust") ? "trustCertificateKeyStore" : "clientCertificateKeyStore";
        properties.setProperty(prefix + "Url", file.toUri().toString());
        properties.setProperty(prefix + "Type", "PKCS12");
        properties.setProperty(prefix + "Password", storePassword);
        System.setProperty("javax.net.ssl." + kind + "Store", file.toString());
        System.setProperty("javax.net.ssl." + kind + "StoreType", "PKCS12");
        System.setProperty("javax.net.ssl." + kind + "StorePassword", storePassword);
    }

    private Path trustStore(Path pem) {
        return written("--ssl-ca", pem, store -> {
            int number = 0;
            for (Certificate each : certificates(pem)) {
                store.setCertificateEntry("ca" + number++, each);
            }
        });
    }

    private Path keyStore(Path pem, Path key) {
        return written("--ssl-cert and --ssl-key", key, store -> {
            Certificate[] chain = certificates(pem).toArray(new Certificate[0]);
            store.setKeyEntry(
                    "client",
                    privateKey(key, chain[0].getPublicKey().getAlgorithm()),
                    storePassword.toCharArray(),
                    chain);
        });
    }

    /** Puts something into a key store. */
    private interface Filling {
        void fill(KeyStore store) throws GeneralSecurityException, IOException;
    }

    private Path written(String flag, Path from, Filling filling) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            filling.fill(store);
            Path file = Files.createTempFile("crossfade", ".p12"); // The owner's alone.
            file.toFile().deleteOnExit();
            try (OutputStream out = Files.newOutputStream(file)) {
                store.store(out, storePassword.toCharArray());
            }
            return file;
        } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "cannot read " + flag + ": file " + from + "; "
                            + e.getClass().getSimpleName().toLowerCase(Locale.ROOT)
                            + "; it has to be PEM, a key as PKCS #8 (openssl pkcs8 -topk8 -nocrypt)",
                    e);
        }
    }

    private static Collection<? extends Certificate> certificates(Path pem)
            throws GeneralSecurityException, IOException {
        try (var in = Files.newInputStream(pem)) {
            Collection<? extends Certificate> all =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (all.isEmpty()) {
                throw new IOException("no certificate");
            }
            return all;
        }
    }

    private static PrivateKey privateKey(Path pem, @Nullable String algorithm)
            throws GeneralSecurityException, IOException {
        String text = Files.readString(pem);
        int begin = text.indexOf(BEGIN_KEY);
        int end = text.indexOf(END_KEY);
        if (begin < 0 || end < begin) {
            throw new IOException("no PKCS #8 key");
        }
        byte[] bytes = Base64.getMimeDecoder().decode(text.substring(begin + BEGIN_KEY.length(), end));
        return KeyFactory.getInstance(algorithm == null ? "RSA" : algorithm)
                .generatePrivate(new PKCS8EncodedKeySpec(bytes));
    }
}

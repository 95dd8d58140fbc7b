package io.crossfade.cli.alter;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Certificates and keys from PEM files. Stateless. */
final class PemFiles {

    /** As openssl writes it today, and as it and MySQL wrote it before: the key alone. */
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN (RSA |EC |)PRIVATE KEY-----([^-]+)-----END (RSA |EC |)PRIVATE KEY-----");

    private static final int SEQUENCE = 0x30;
    private static final int OCTETS = 0x04;
    private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};
    private static final int LONG_LENGTH = 0x80;

    private PemFiles() {}

    static Collection<? extends Certificate> certificates(Path pem) throws GeneralSecurityException, IOException {
        try (var in = Files.newInputStream(pem)) {
            Collection<? extends Certificate> all =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (all.isEmpty()) {
                throw new IOException("no certificate");
            }
            return all;
        }
    }

    /**
     * The key of a certificate, in PKCS #8, or as it was written before: PKCS #1 for RSA, SEC 1 for elliptic curves.
     *
     * @param whose of the certificate; what kind of key it is
     */
    static PrivateKey key(Path pem, PublicKey whose) throws GeneralSecurityException, IOException {
        Matcher found = KEY.matcher(Files.readString(pem));
        // An encrypted one of old has headers before its text, which no Base64 has.
        if (!found.find() || found.group(2).contains(":")) {
            throw new IOException("no key that is not encrypted");
        }
        byte[] bytes = Base64.getMimeDecoder().decode(found.group(2));
        return KeyFactory.getInstance(whose.getAlgorithm())
                .generatePrivate(new PKCS8EncodedKeySpec(found.group(1).isEmpty() ? bytes : inPkcs8(bytes, whose)));
    }

    /** The bare key, with the kind of key before it, which stands in the public one too. */
    private static byte[] inPkcs8(byte[] bare, PublicKey whose) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(VERSION_0);
        all.write(first(inner(whose.getEncoded())));
        all.write(wrapped(OCTETS, bare));
        return wrapped(SEQUENCE, all.toByteArray());
    }

    private static byte[] wrapped(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.length < LONG_LENGTH) {
            out.write(content.length);
        } else {
            out.write(LONG_LENGTH | 2); // Two bytes of length: no key has 64 KiB.
            out.write(content.length >> 8);
            out.write(content.length);
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    /** What is inside of a value. */
    private static byte[] inner(byte[] der) {
        return Arrays.copyOfRange(der, headerLength(der), der.length);
    }

    /** The first of the values that follow each other. */
    private static byte[] first(byte[] der) {
        int header = headerLength(der);
        int length = der[1] & 0xff;
        if (length >= LONG_LENGTH) {
            length = 0;
            for (int i = 2; i < header; i++) {
                length = length << 8 | (der[i] & 0xff);
            }
        }
        return Arrays.copyOf(der, header + length);
    }

    private static int headerLength(byte[] der) {
        int length = der[1] & 0xff;
        return length < LONG_LENGTH ? 2 : 2 + (length & ~LONG_LENGTH);
    }
}

package io.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** An authority of a test's own and what it signs, as PEM files in a folder, made by the JDK's keytool. One thread at a time. */
final class Certificates {
    private static final String PASSWORD = "changeit";

    private final Path folder;
    private final String name;

    /** Makes an authority, {@code name.pem}. */
    Certificates(Path folder, String name) throws IOException, InterruptedException {
        this.folder = folder;
        this.name = name;
        generate(name, "-ext", "bc:c");
        keytool("-exportcert", "-rfc", "-alias", name, "-file", authority().toString());
    }

    Path authority() {
        return folder.resolve(name + ".pem");
    }

    /**
     * Signs a certificate: {@code who.pem}, and its key in PKCS #8, {@code who-key.pem}.
     *
     * @param extension as keytool takes it; empty for none
     */
    Path sign(String who, String extension) throws IOException, InterruptedException, GeneralSecurityException {
        generate(who);
        Path request = folder.resolve(who + ".csr");
        Path signed = folder.resolve(who + ".pem");
        keytool("-certreq", "-alias", who, "-file", request.toString());
        List<String> arguments = new ArrayList<>(List.of(
                "-gencert", "-rfc", "-alias", name, "-infile", request.toString(), "-outfile", signed.toString()));
        if (!extension.isEmpty()) {
            arguments.addAll(List.of("-ext", extension));
        }
        keytool(arguments.toArray(new String[0]));
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store())) {
            keys.load(in, PASSWORD.toCharArray());
        }
        Key key = keys.getKey(who, PASSWORD.toCharArray());
        Files.writeString(
                keyOf(who),
                "-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded())
                        + "\n-----END PRIVATE KEY-----\n");
        return signed;
    }

    Path keyOf(String who) {
        return folder.resolve(who + "-key.pem");
    }

    private Path store() {
        return folder.resolve(name + ".p12");
    }

    private void generate(String who, String... more) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(
                List.of("-genkeypair", "-keyalg", "RSA", "-keysize", "2048", "-alias", who, "-dname", "CN=" + who));
        arguments.addAll(List.of(more));
        keytool(arguments.toArray(new String[0]));
    }

    private void keytool(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD, "-keystore", store().toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }
}

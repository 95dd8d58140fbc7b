package io.crossfade.cli.alter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.migrator.alter.AlterRequest;
import io.crossfade.migrator.ghost.Rules;
import io.crossfade.migrator.stream.Endpoint;
import io.crossfade.model.TableName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What becomes of flags. */
class FlagsTest {

    @TempDir
    private Path folder;

    private static AlterOptions options(String... arguments) {
        AlterOptions options = new AlterOptions();
        CommandLine commandLine = new CommandLine(CommandLine.Model.CommandSpec.create()
                .addMixin("o", CommandLine.Model.CommandSpec.forAnnotatedObject(options)));
        commandLine.parseArgs(arguments);
        return options;
    }

    @Test
    void flagsBecomeTheEnginesWords() {
        AlterRequest request = Wishes.request(options(
                "--database=d",
                "--table=t",
                "--alter=ADD COLUMN n INT;",
                "--route=ghost",
                "--threads=4",
                "--chunk-time=0.25",
                "--cut-over-lock-timeout-seconds=3",
                "--checkpoint-seconds=300",
                "--ok-to-drop-table",
                "--exact-rowcount"));
        assertThat(request.tables().get(0).alter()).isEqualTo("ADD COLUMN n INT");
        assertThat(request.rules().route()).isEqualTo(Rules.Route.GHOST);
        assertThat(request.rules().dropsOldAfter()).isTrue();
        assertThat(request.rules().countsRows()).isTrue();
        assertThat(request.bounds().copy().threads()).isEqualTo(4);
        assertThat(request.bounds().copy().chunkTarget()).isEqualTo(Duration.ofMillis(250));
        assertThat(request.bounds().writersHeldMax()).isEqualTo(Duration.ofSeconds(3));
        assertThat(request.bounds().rhythm().checkpoint()).isEqualTo(Duration.ofSeconds(300));
        assertThat(Wishes.request(options("--database=d", "--table=t", "--alter=x"))
                        .rules())
                .isEqualTo(Rules.DEFAULT);
        assertThat(Wishes.request(options("--database=d", "--table=t", "--alter=x", "--client-gate-millis=0"))
                        .bounds()
                        .gateMax())
                .isZero();
        assertThat(Wishes.request(options("--database=d", "--table=t", "--alter=x", "--migrate-on-replica"))
                        .bounds()
                        .gateMax())
                .isZero();
        assertThatThrownBy(() ->
                        Wishes.request(options("--database=d", "--table=t", "--alter=x", "--checkpoint-seconds=9")))
                .hasMessageContaining("10 or more");
    }

    /** As long as gh-ost tries by the same flags. */
    @Test
    void fewRetriesDoNotEndSooner() {
        assertThat(patience()).isEqualTo(Duration.ofSeconds(240));
        assertThat(patience("--default-retries=3")).isEqualTo(Duration.ofSeconds(12));
        assertThat(patience("--default-retries=3", "--cut-over-lock-timeout-seconds=9"))
                .isEqualTo(Duration.ofSeconds(30));
    }

    private static Duration patience(String... flags) {
        List<String> all = new ArrayList<>(List.of("--database=d", "--table=t", "--alter=x"));
        all.addAll(List.of(flags));
        return Wishes.request(options(all.toArray(String[]::new)))
                .bounds()
                .cutOver()
                .patience();
    }

    @Test
    void aChunkSizeThatIsGivenIsTheMost() {
        assertThat(Wishes.controls(options()).chunkRows()).isEqualTo(1000);
        assertThat(Wishes.controls(options()).chunkRowsMax()).isEqualTo(100_000);
        assertThat(Wishes.controls(options("--chunk-size=1000")).chunkRowsMax()).isEqualTo(1000);
    }

    @Test
    void rowsAreCountedBesideTheCopyOrBeforeIt() {
        for (String[] one : new String[][] {
            {"--exact-rowcount=false", "ESTIMATED"},
            {"--exact-rowcount", "BESIDE_COPY"},
            {"--exact-rowcount --concurrent-rowcount=false", "BEFORE_COPY"}
        }) {
            List<String> all = new ArrayList<>(List.of("--database=d", "--table=t", "--alter=x"));
            all.addAll(List.of(one[0].split(" ")));
            assertThat(Wishes.request(options(all.toArray(String[]::new)))
                            .rules()
                            .count())
                    .hasToString(one[1]);
        }
    }

    @Test
    void numbersAreKeptInGhOstsRanges() {
        assertThat(Wishes.controls(options("--chunk-size=5")).chunkRows()).isEqualTo(10);
        assertThat(Wishes.controls(options("--dml-batch-size=5000")).applyRows())
                .isEqualTo(1000);
        assertThat(Wishes.controls(options("--nice-ratio=0.5")).niceRatio()).isEqualTo(0.5);
        assertThat(Wishes.throttles(options("--throttle-control-replicas=a,b:3307").throttle)
                        .controlReplicas())
                .containsExactly("a:3306", "b:3307");
        assertThat(Wishes.throttles(options("--max-statement-millis=50").throttle)
                        .statementMillisMax())
                .isEqualTo(50);
        assertThatThrownBy(() ->
                        AcceptedFlags.refuse(options("--max-statement-millis=50", "--migrate-on-replica", "--host=h")))
                .hasMessageContaining("not at a replica");
    }

    @Test
    void theTableMayStandInTheStatement() {
        assertThat(AlterText.of("", "", "alter table `my db`.`a``b` drop column c")
                        .table()
                        .toString())
                .isEqualTo("my db.a`b");
        assertThat(AlterText.of("d", "", "ALTER TABLE t ENGINE=InnoDB").alter()).isEqualTo("ENGINE=InnoDB");
        assertThatThrownBy(() -> AlterText.of("d", "u", "ALTER TABLE t ENGINE=InnoDB"))
                .hasMessageContaining("by flag");
    }

    /** As gh-ost takes it: another database's table would be changed. */
    @Test
    void besideADatabaseATableIsItsBareName() {
        assertThat(AlterText.ofFlags("a1", "b1.c", "ADD n INT").table()).isEqualTo(new TableName("a1", "b1.c"));
        assertThat(AlterText.ofKnown("a1", "b1.c", "").table()).isEqualTo(new TableName("a1", "b1.c"));
        assertThat(AlterText.ofFlags("a`b", "`c`", "ADD n INT").table()).isEqualTo(new TableName("a`b", "`c`"));
        assertThat(AlterText.ofFlags("", "b1.c", "ADD n INT").table()).isEqualTo(new TableName("b1", "c"));
        assertThat(AlterText.ofFlags("", "`b.1`.`c``.d`", "ADD n INT").table()).isEqualTo(new TableName("b.1", "c`.d"));
        assertThat(AlterText.of("a1", "`o.x`", "ADD n INT").table()).isEqualTo(new TableName("a1", "o.x"));
        assertThat(AlterText.of("a1", "o.x", "ADD n INT").table()).isEqualTo(new TableName("o", "x"));
        assertThatThrownBy(() -> AlterText.ofFlags("", "a.b.c", "ADD n INT")).hasMessageContaining("give --database");
    }

    @Test
    void severalTablesComeFromAFile() throws IOException {
        Path file = Files.writeString(
                folder.resolve("a.yaml"),
                "- {table: orders, alter: ADD COLUMN a INT}\n- {table: other.items, alter: DROP COLUMN b}\n");
        AlterRequest request = Wishes.request(options("--database=shop", "--alters=" + file));
        assertThat(request.tables())
                .extracting(t -> t.table().toString())
                .containsExactly("shop.orders", "other.items");
        Files.writeString(file, "- {table: orders, alters: x}\n");
        assertThatThrownBy(() -> AltersFile.read(file, "shop")).hasMessageContaining("table and alter");
        Files.writeString(file, "- {table: a, alter: x}\n- {table: A, alter: x}\n");
        assertThatThrownBy(() -> AltersFile.read(file, "shop")).hasMessageContaining("twice");
    }

    @Test
    void userAndPasswordComeFromAConfFileWithVariables() throws IOException {
        Path file = Files.writeString(
                folder.resolve("my.cnf"),
                "# gh-ost\n[mysqld]\nuser=no\n[client]\nuser = admin\npassword=\"${DB_PASSWORD}\"\n");
        Map<String, String> environment = Map.of("DB_PASSWORD", "secret", "CROSSFADE_PASSWORD", "other");
        Login login = Login.of(options("--conf=" + file).target, () -> "typed", environment::get);
        assertThat(login).isEqualTo(new Login("admin", "secret"));
        assertThat(login.toString()).doesNotContain("secret");
        assertThat(Login.of(
                        options("--conf=" + file, "--user=u", "--ask-pass").target, () -> "typed", environment::get))
                .isEqualTo(new Login("u", "typed"));
        assertThat(Login.of(options("--user=u").target, () -> "typed", environment::get)
                        .password())
                .isEqualTo("other");
        assertThatThrownBy(() -> ClientConf.read(file, name -> null)).hasMessageContaining("DB_PASSWORD");
        assertThat(login.onSource(options("--master-user=m").target, name -> null))
                .isEqualTo(new Login("m", "secret"));
    }

    @Test
    void tlsFlagsBecomePropertiesOfTheDriverAndTheReader() {
        assertThat(new Tls(options().target).properties()).containsEntry("sslMode", "PREFERRED");
        Tls verified = new Tls(options("--ssl").target);
        assertThat(verified.properties()).containsEntry("sslMode", "VERIFY_IDENTITY");
        assertThat(verified.endpoint()).isEqualTo(Endpoint.Tls.VERIFIED);
        assertThat(new Tls(options("--ssl", "--ssl-allow-insecure").target).properties())
                .containsEntry("sslMode", "REQUIRED");
        assertThatThrownBy(() -> new Tls(options("--ssl", "--ssl-cert=/c").target))
                .hasMessageContaining("belong together");
        for (String flag : List.of("--ssl-ca=/c", "--ssl-cert=/c", "--ssl-key=/k", "--ssl-allow-insecure")) {
            assertThatThrownBy(() -> new Tls(options(flag).target)).hasMessageContaining("need --ssl");
        }
    }

    @Test
    void aUrlStandsForItsParts() {
        AlterOptions options = options("--url=jdbc:crossfade:mariadb://h:3307/shop?user=u&password=p%26q");
        TargetUrl.apply(options.target);
        assertThat(options.target.host + options.target.port + options.target.database + options.target.user)
                .isEqualTo("h3307shopu");
        assertThat(options.target.password).isEqualTo("p&q");
        assertThat(Address.of("[::1]:3307")).hasToString("[::1]:3307");
        assertThat(Address.of("db2")).isEqualTo(new Address("db2", 3306));
    }
}

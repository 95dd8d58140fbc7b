package io.crossfade.cli.alter;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.model.TableName;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SocketFileTest {

    private static String file(String schema, String table) {
        return SocketFile.of("/tmp", new TableName(schema, table)).toString();
    }

    @Test
    void plainNamesHaveTheFileThatRunbooksOfGhOstKnow() {
        assertThat(file("myapp", "users")).isEqualTo("/tmp/gh-ost.myapp.users.sock");
        assertThat(file("My-app", "the $ users")).isEqualTo("/tmp/gh-ost.My-app.the $ users.sock");
    }

    @Test
    void othersHaveOneOfTheirOwnInTheSameFolder() {
        List<TableName> names = List.of(
                new TableName("d", "a/b"),
                new TableName("d", "a_b"),
                new TableName("d", "a:b"),
                new TableName("d", "../b"),
                new TableName("d.a", "b"),
                new TableName("d", "a.b"),
                new TableName("d", "größe"),
                new TableName("d", "grüße"),
                new TableName("d", "数".repeat(64)),
                new TableName("d".repeat(64), "t".repeat(64)),
                new TableName("d".repeat(64), "t".repeat(63) + "u"));
        Set<String> files = new HashSet<>();
        for (TableName name : names) {
            String file = file(name.schema(), name.table());
            assertThat(file).matches("/tmp/gh-ost\\.[A-Za-z0-9_$. ~-]+\\.sock").hasSizeLessThanOrEqualTo(103);
            files.add(file);
        }
        assertThat(files).hasSameSizeAs(names);
        assertThat(file("d", "a/b")).matches("/tmp/gh-ost\\.d\\.a_b~[0-9a-f]{16}\\.sock");
    }

    @Test
    void theFolderCountsInWhatASocketMayBeLong() {
        TableName table = new TableName("shop", "orders");
        String folder = "/" + "x".repeat(72);
        assertThat(SocketFile.of(folder, table).toString())
                .startsWith(folder + "/gh-ost.")
                .hasSizeLessThanOrEqualTo(103);
        assertThat(SocketFile.of("/" + "x".repeat(80), table).toString())
                .isEqualTo("/" + "x".repeat(80) + "/gh-ost.shop.orders.sock");
    }
}

package io.crossfade.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.model.Side;
import io.crossfade.model.Stage;
import io.crossfade.state.Snapshot;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * What it costs to get from a statement's text to the text that is sent, without a server: prints medians, of the
 * thread's processor time, so that what else runs on the machine counts less. No part of the build.
 */
@EnabledIfSystemProperty(named = "crossfade.test.cost", matches = "true")
class RewritingCostTest {
    private static final int ROUNDS = 200;
    private static final int TEXTS = 1_000;
    /** A plan takes a hundred times as long to make as to find. */
    private static final int TEXTS_ANEW = 50;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private static final GoldenCase LIVE = new GoldenCase(
            Path.of("none"), 0, "rename", Stage.LIVE, false, Side.OLD, true, false, "SELECT 1 FROM orders", "");

    private final Rewriter rewriter = GoldenFixture.rewriter(LIVE, "8.0.15");
    private final SessionView session = GoldenFixture.session(LIVE);
    private Snapshot snapshot = GoldenFixture.snapshot(LIVE);
    private long sent;

    @Test
    void cost() throws RewriteRefusedException {
        String foreign = "SELECT c.id, c.title FROM customers c WHERE c.id = 1%05d AND c.title <> 'x' LIMIT 10";
        String select = "SELECT o.id, o.status FROM orders o WHERE o.id = 1%05d AND o.status <> 'x' LIMIT 10";
        String update = "UPDATE orders SET status = 'paid', total = total + 1 WHERE id = 1%05d AND status <> 'x'";
        for (String text : List.of(foreign, select, update)) {
            measure("the same text", text, false, false);
            measure("other literals each time", text, true, false);
            if (!text.equals(foreign)) {
                measure("a plan made each time", text, true, true);
            }
        }
    }

    private void measure(String what, String format, boolean differ, boolean anew) throws RewriteRefusedException {
        List<String> texts = IntStream.range(0, anew ? TEXTS_ANEW : TEXTS)
                .mapToObj(i -> String.format(Locale.ROOT, format, differ ? i : 0))
                .toList();
        long[] nanos = new long[ROUNDS];
        for (int round = 0; round < 2 * ROUNDS; round++) {
            long begun = THREADS.getCurrentThreadCpuTime();
            for (int i = 0; i < texts.size(); i++) {
                if (anew) { // A plan belongs to an epoch.
                    snapshot = new Snapshot(snapshot.epoch() + 1, snapshot.changes());
                }
                sent += rewriter.rewrite(texts.get(i), snapshot, session).sql().length();
            }
            if (round >= ROUNDS) { // The first half warms up.
                nanos[round - ROUNDS] = (THREADS.getCurrentThreadCpuTime() - begun) / texts.size();
            }
        }
        Arrays.sort(nanos);
        System.out.printf(
                Locale.ROOT,
                "%s, %s: %d ns, fastest round %d ns%n",
                format.substring(0, format.indexOf(" WHERE")),
                what,
                nanos[ROUNDS / 2],
                nanos[0]);
        assertThat(sent).isPositive();
    }
}

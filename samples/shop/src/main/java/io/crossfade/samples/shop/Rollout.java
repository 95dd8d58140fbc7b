package io.crossfade.samples.shop;

import io.crossfade.samples.shop.app.CodeVersion;
import io.crossfade.samples.shop.app.SchemaChange;
import io.crossfade.samples.shop.traffic.Staff;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * One change from start to end while the shop is open, with a rolling deployment of the code that knows it: the second
 * instance gets the new code as soon as both sides are written, the first one once reads have moved. One thread at a time.
 */
final class Rollout {
    private final SchemaChange change;
    private final CodeVersion oldCode;
    private final CodeVersion newCode;
    private final Staff first;
    private final Staff second;
    private final ShopServer server;
    private final Migrator migrator;
    private final Screen screen;
    private final ScenarioOptions options;
    private Sides sides = Sides.NONE;
    private String end = "open";

    Rollout(
            SchemaChange change,
            CodeVersion oldCode,
            Staff first,
            Staff second,
            ShopServer server,
            Migrator migrator,
            Screen screen,
            ScenarioOptions options) {
        this.change = change;
        this.oldCode = oldCode;
        this.newCode = oldCode.with(change);
        this.first = first;
        this.second = second;
        this.server = server;
        this.migrator = migrator;
        this.screen = screen;
        this.options = options;
    }

    /** Takes the change through every stage; gives the code that is deployed then. */
    CodeVersion through() throws SQLException, IOException, InterruptedException {
        start();
        share(10);
        share(50);
        migrator.run("switch", change.id(), "--percent", "100", "--settle");
        dwell();
        compare();
        screen.say("The old code leaves: deploying the new code on the first instance too");
        first.deploy(newCode, true);
        dwell();
        migrator.run("advance", change.id(), "--to", "complete", "--quiet-for", "0");
        dwell();
        end = "complete";
        if (change.dropsColumns()) {
            migrator.run("advance", change.id(), "--to", "contract", "--quiet-for", "0");
            dwell();
            end = "contract";
        }
        migrator.run("close", change.id());
        deployBoth(newCode);
        return newCode;
    }

    /** Takes the change half-way and back again; gives the code that is deployed then. */
    CodeVersion thereAndBack() throws SQLException, IOException, InterruptedException {
        start();
        share(10);
        share(50);
        compare();
        screen.say("Going back half-way: the new code leaves the second instance");
        second.deploy(oldCode, false);
        migrator.run("rollback", change.id());
        dwell();
        end = "rolled back";
        return oldCode;
    }

    Sides sides() {
        return sides;
    }

    /** Where the change ended. */
    String end() {
        return end;
    }

    private void start() throws SQLException, IOException, InterruptedException {
        String file = migrator.file(change);
        migrator.run("plan", file);
        List<String> command = new ArrayList<>(List.of("start", file));
        command.addAll(options.startOptions());
        Migrator.Command start = migrator.begin(command.toArray(String[]::new));
        start.awaitDualWrite(change.id());
        screen.say("Both sides are written: deploying the new code on the second instance, while the backfill runs");
        second.deploy(newCode, true);
        start.await();
        dwell();
        compare();
    }

    private void share(int percent) throws InterruptedException {
        migrator.run("switch", change.id(), "--percent", String.valueOf(percent));
        dwell();
    }

    private void compare() throws SQLException {
        try (Connection connection = server.connect()) {
            Sides now = Sides.compare(connection, change);
            sides = sides.plus(now);
            if (now.rows() > 0) {
                screen.say(now.rows() + " rows compared by the shop itself, " + now.differing() + " differ");
            }
        }
    }

    private void deployBoth(CodeVersion code) {
        first.deploy(code, false);
        second.deploy(code, false);
    }

    private void dwell() throws InterruptedException {
        Thread.sleep(options.dwell().toMillis());
    }
}

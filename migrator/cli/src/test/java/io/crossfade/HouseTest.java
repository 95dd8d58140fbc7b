package io.crossfade;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures;
import java.util.Map;
import java.util.Set;

/** The floors of the migrator and of the house around it; those of the core stand beside the core. */
@AnalyzeClasses(
        packages = "io.crossfade",
        importOptions = {ImportOption.DoNotIncludeTests.class, HouseTest.Own.class})
class HouseTest {

    /** The driver's jar holds libraries under names of ours. */
    static final class Own implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("io/crossfade/shaded/");
        }
    }

    /** Every room of the migrator, and the rooms that it may import. */
    private static final Map<String, Set<String>> ROOMS = Map.ofEntries(
            Map.entry("signal", Set.of()),
            Map.entry("chunk", Set.of()),
            Map.entry("session", Set.of("signal")),
            Map.entry("throttle", Set.of("signal")),
            Map.entry("repair", Set.of("chunk")),
            Map.entry("walk", Set.of("chunk", "session", "signal", "throttle")),
            Map.entry("backfill", Set.of("repair", "walk")),
            Map.entry("verify", Set.of("repair", "walk")),
            Map.entry("row", Set.of()),
            Map.entry("ghost", Set.of("chunk")),
            Map.entry("apply", Set.of("chunk", "ghost", "row", "session", "signal")),
            Map.entry("copy", Set.of("apply", "chunk", "ghost", "session", "signal")),
            Map.entry("checksum", Set.of("apply", "chunk", "ghost", "session", "signal", "throttle")),
            Map.entry("fence", Set.of("signal")),
            Map.entry("mysql", Set.of("chunk", "gate", "ghost", "session", "signal")),
            Map.entry("stream", Set.of("mysql", "row", "signal")),
            Map.entry("check", Set.of("chunk", "mysql", "signal")),
            Map.entry("route", Set.of("gate", "ghost", "mysql", "signal")),
            Map.entry("lint", Set.of("chunk", "ghost", "mysql", "signal")),
            Map.entry("gate", Set.of("signal")),
            Map.entry("cutover", Set.of("gate", "mysql", "signal")),
            Map.entry("revert", Set.of("chunk", "ghost", "row", "session", "signal", "stream")),
            Map.entry("checkpoint", Set.of("signal", "stream")),
            Map.entry("follow", Set.of("apply", "chunk", "mysql", "repair", "row", "session", "signal", "stream")),
            Map.entry(
                    "alter",
                    Set.of(
                            "apply",
                            "check",
                            "checkpoint",
                            "checksum",
                            "chunk",
                            "copy",
                            "cutover",
                            "gate",
                            "ghost",
                            "lint",
                            "mysql",
                            "revert",
                            "route",
                            "row",
                            "session",
                            "signal",
                            "stream",
                            "throttle")),
            Map.entry(
                    "run",
                    Set.of(
                            "alter",
                            "backfill",
                            "check",
                            "checkpoint",
                            "chunk",
                            "fence",
                            "follow",
                            "gate",
                            "ghost",
                            "mysql",
                            "repair",
                            "route",
                            "session",
                            "signal",
                            "stream",
                            "throttle",
                            "verify",
                            "walk")));

    @ArchTest
    static void eachRoomOfTheMigratorImportsOnlyWhatStandsBelowIt(JavaClasses classes) {
        Architectures.LayeredArchitecture house = layeredArchitecture().consideringOnlyDependenciesInLayers();
        for (String room : ROOMS.keySet()) {
            house = house.layer(room).definedBy("io.crossfade.migrator." + room + "..");
        }
        for (Map.Entry<String, Set<String>> room : ROOMS.entrySet()) {
            house = room.getValue().isEmpty()
                    ? house.whereLayer(room.getKey()).mayNotAccessAnyLayer()
                    : house.whereLayer(room.getKey())
                            .mayOnlyAccessLayers(room.getValue().toArray(String[]::new));
        }
        house.check(classes);
    }

    @ArchTest
    static final ArchRule NOBODY_KNOWS_THE_COMMAND = noClasses()
            .that()
            .resideInAPackage("io.crossfade.migrator..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.crossfade.cli..");

    @ArchTest
    static final ArchRule EVERY_ROOM_HAS_ITS_PLACE = classes()
            .that()
            .resideInAPackage("io.crossfade.migrator..")
            .should()
            .resideInAnyPackage(ROOMS.keySet().stream()
                    .map(room -> "io.crossfade.migrator." + room + "..")
                    .toArray(String[]::new));

    @ArchTest
    static final ArchRule THE_MIGRATOR_KNOWS_NO_DRIVER = noClasses()
            .that()
            .resideInAnyPackage(
                    "io.crossfade.migrator..", "io.crossfade.model..", "io.crossfade.state..", "io.crossfade.sql..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.crossfade.jdbc..");

    @ArchTest
    static final ArchRule THE_DRIVER_KNOWS_NO_MIGRATOR = noClasses()
            .that()
            .resideInAnyPackage("io.crossfade.jdbc..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.crossfade.migrator..", "io.crossfade.cli..");
}

package io.crossfade;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The floors of the migrator and of the house around it; those of the core stand beside the core. */
@AnalyzeClasses(packages = "io.crossfade", importOptions = ImportOption.DoNotIncludeTests.class)
class HouseTest {

    @ArchTest
    static final ArchRule FLOORS_OF_THE_MIGRATOR = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("signal")
            .definedBy("io.crossfade.migrator.signal..")
            .layer("chunk")
            .definedBy("io.crossfade.migrator.chunk..")
            .layer("throttle")
            .definedBy("io.crossfade.migrator.throttle..")
            .layer("repair")
            .definedBy("io.crossfade.migrator.repair..")
            .layer("walk")
            .definedBy("io.crossfade.migrator.walk..")
            .layer("backfill")
            .definedBy("io.crossfade.migrator.backfill..")
            .layer("verify")
            .definedBy("io.crossfade.migrator.verify..")
            .layer("mysql")
            .definedBy("io.crossfade.migrator.mysql..")
            .layer("check")
            .definedBy("io.crossfade.migrator.check..")
            .layer("run")
            .definedBy("io.crossfade.migrator.run..")
            .layer("cli")
            .definedBy("io.crossfade.cli..")
            .whereLayer("signal")
            .mayNotAccessAnyLayer()
            .whereLayer("chunk")
            .mayNotAccessAnyLayer()
            .whereLayer("throttle")
            .mayOnlyAccessLayers("signal")
            .whereLayer("repair")
            .mayOnlyAccessLayers("chunk")
            .whereLayer("walk")
            .mayOnlyAccessLayers("chunk", "signal", "throttle")
            .whereLayer("backfill")
            .mayOnlyAccessLayers("repair", "walk")
            .whereLayer("verify")
            .mayOnlyAccessLayers("repair", "walk")
            .whereLayer("mysql")
            .mayOnlyAccessLayers("chunk", "signal")
            .whereLayer("check")
            .mayOnlyAccessLayers("chunk", "mysql", "signal")
            .whereLayer("run")
            .mayOnlyBeAccessedByLayers("cli")
            .whereLayer("cli")
            .mayNotBeAccessedByAnyLayer();

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

package io.crossfade;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The floors of the house, as far as they stand in this module: each package imports only what stands below it. */
@AnalyzeClasses(packages = "io.crossfade", importOptions = ImportOption.DoNotIncludeTests.class)
class FloorsTest {

    @ArchTest
    static final ArchRule FLOORS = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("model")
            .definedBy("io.crossfade.model..")
            .layer("dialect")
            .definedBy("io.crossfade.dialect..")
            .layer("state")
            .definedBy("io.crossfade.state..")
            .layer("flag")
            .definedBy("io.crossfade.flag..")
            .layer("sql")
            .definedBy("io.crossfade.sql..")
            .whereLayer("model")
            .mayNotAccessAnyLayer()
            .whereLayer("dialect")
            .mayOnlyAccessLayers("model")
            .whereLayer("state")
            .mayOnlyAccessLayers("model", "dialect")
            .whereLayer("flag")
            .mayOnlyAccessLayers("model", "dialect", "state")
            .whereLayer("sql")
            .mayOnlyAccessLayers("model", "dialect", "state");

    @ArchTest
    static final ArchRule THE_PARSER_IS_KNOWN_IN_ONE_ROOM = noClasses()
            .that()
            .resideOutsideOfPackage("io.crossfade.sql..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("net.sf.jsqlparser..");

    @ArchTest
    static final ArchRule JSON_IS_KNOWN_IN_ONE_ROOM = noClasses()
            .that()
            .resideOutsideOfPackage("io.crossfade.flag..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.fasterxml.jackson..");

    @ArchTest
    static final ArchRule NO_SOCKETS_IN_THE_CORE = noClasses()
            .that()
            .resideInAnyPackage(
                    "io.crossfade.model..",
                    "io.crossfade.dialect..",
                    "io.crossfade.state..",
                    "io.crossfade.flag..",
                    "io.crossfade.sql..")
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.sql.DriverManager")
            .orShould()
            .dependOnClassesThat()
            .resideInAPackage("java.net..");
}

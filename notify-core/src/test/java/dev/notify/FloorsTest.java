package dev.notify;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The floors of the house: who may know whom, and what may never come in. */
class FloorsTest {

  private static final JavaClasses CORE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.notify");

  private static final String[] ROOMS = {
    "policy", "template", "routing", "tracking", "experiment", "analytics", "memory"
  };

  @Test
  void everyRoomKnowsOnlyTheFloorsBelowIt() {
    var floors =
        layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("model")
            .definedBy("dev.notify.model")
            .layer("spi")
            .definedBy("dev.notify.spi")
            .layer("engine")
            .definedBy("dev.notify.engine")
            .layer("front door")
            .definedBy("dev.notify")
            .whereLayer("front door")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("engine")
            .mayOnlyBeAccessedByLayers("front door")
            .whereLayer("model")
            .mayNotAccessAnyLayer()
            .whereLayer("spi")
            .mayOnlyAccessLayers("model");
    for (String room : ROOMS) {
      floors =
          floors
              .layer(room)
              .definedBy("dev.notify." + room)
              .whereLayer(room)
              .mayOnlyBeAccessedByLayers("engine", "front door")
              .whereLayer(room)
              .mayOnlyAccessLayers("model", "spi");
    }

    floors.check(CORE);
  }

  @Test
  void everyPackageStandsOnAFloor() {
    Set<String> known =
        Stream.concat(Stream.of("model", "spi", "engine"), Arrays.stream(ROOMS))
            .map(room -> "dev.notify." + room)
            .collect(Collectors.toCollection(TreeSet::new));
    known.add("dev.notify");

    assertThat(packages()).isEqualTo(known);
  }

  @Test
  void noRoomsGoRoundInACircle() {
    slices().matching("dev.notify.(*)..").should().beFreeOfCycles().check(CORE);
  }

  @Test
  void coreHasNoHttpClientNoDatabaseAndNoMail() {
    noClasses()
        .should()
        .dependOnClassesThat(
            are(
                resideInAnyPackage(
                    "java.net.http..",
                    "java.sql..",
                    "javax.sql..",
                    "jakarta..",
                    "javax.mail..",
                    "okhttp3..",
                    "retrofit2..",
                    "org.apache.http..",
                    "com.sun..",
                    "sun..")))
        .check(CORE);
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveNameMatching("java\\.net\\.(HttpURLConnection|URLConnection|Socket|ServerSocket)")
        .check(CORE);
  }

  @Test
  void timeAndChanceComeInThroughTheDoor() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("dev.notify.SystemClock")
        .should()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(LocalDate.class, "now")
        .orShould()
        .callMethod(LocalDateTime.class, "now")
        .orShould()
        .callMethod(ZonedDateTime.class, "now")
        .orShould()
        .callMethod(Clock.class, "systemUTC")
        .orShould()
        .callMethod(Clock.class, "systemDefaultZone")
        .orShould()
        .callMethod(InstantSource.class, "system")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(Math.class, "random")
        .orShould()
        .callMethod(UUID.class, "randomUUID")
        .orShould()
        .callConstructor(Random.class)
        .orShould()
        .callMethod(Thread.class, "sleep", long.class)
        .check(CORE);
  }

  /** How long a closing host waits is real time, unless its clock says otherwise. */
  @Test
  void onlyTheClockMeasuresRealTime() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("dev.notify.spi.EngineClock")
        .should()
        .callMethod(System.class, "nanoTime")
        .check(CORE);
  }

  @Test
  void onlyTheBuilderChoosesASourceOfChance() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("dev.notify.DispatcherBuilder")
        .should()
        .callMethod(ThreadLocalRandom.class, "current")
        .check(CORE);
  }

  @Test
  void nothingReadsTheZoneOrLanguageOfTheMachineButTheBuilderThatSetsTheDefaults() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("dev.notify.DispatcherBuilder")
        .should()
        .callMethod(java.time.ZoneId.class, "systemDefault")
        .orShould()
        .callMethod(java.util.Locale.class, "getDefault")
        .check(CORE);
  }

  @Test
  void everyPackageIsNullMarked() throws ClassNotFoundException {
    for (String name : packages()) {
      Class<?> packageInfo = Class.forName(name + ".package-info");

      assertThat(packageInfo.isAnnotationPresent(NullMarked.class)).as(name).isTrue();
    }
  }

  @Test
  void valuesAndInterfacesDoNotLog() {
    noClasses()
        .that(are(resideInAnyPackage("dev.notify.model", "dev.notify.spi")))
        .should()
        .dependOnClassesThat(are(resideInAPackage("org.slf4j..")))
        .check(CORE);
  }

  @Test
  void fieldsOfValuesNeverChange() {
    classes()
        .that(are(resideInAPackage("dev.notify.model")))
        .and()
        .haveSimpleNameNotEndingWith("Builder")
        .and()
        .haveSimpleNameNotEndingWith("Parser")
        .should()
        .haveOnlyFinalFields()
        .check(CORE);
  }

  /**
   * Public is a promise. A number may go down at will; one that goes up is a decision to be made
   * here, in sight.
   */
  @Test
  void thePublicSurfaceFitsOnAPage() {
    Set<String> frontAndValues = publicTypes("dev.notify", "dev.notify.model");
    Set<String> everything = publicTypes(packages().toArray(String[]::new));

    assertThat(topLevel(frontAndValues)).hasSizeLessThanOrEqualTo(97);
    assertThat(frontAndValues).hasSizeLessThanOrEqualTo(185);
    assertThat(topLevel(everything)).hasSizeLessThanOrEqualTo(172);
    assertThat(everything).hasSizeLessThanOrEqualTo(307);
  }

  private static Set<String> packages() {
    return CORE.stream()
        .map(JavaClass::getPackageName)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> publicTypes(String... packages) {
    Set<String> wanted = Set.of(packages);
    return CORE.stream()
        .filter(type -> wanted.contains(type.getPackageName()))
        .filter(FloorsTest::isPublicAllTheWay)
        .map(JavaClass::getName)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> topLevel(Set<String> names) {
    return names.stream().filter(name -> !name.contains("$")).collect(Collectors.toSet());
  }

  private static boolean isPublicAllTheWay(JavaClass type) {
    return type.getModifiers().contains(JavaModifier.PUBLIC)
        && type.getEnclosingClass().map(FloorsTest::isPublicAllTheWay).orElse(true);
  }
}

package dev.notify.jdbc;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

/** The database's clock decides, so nobody here looks at the machine's. */
class JdbcFloorsTest {

  private static final JavaClasses STORE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.notify.jdbc");

  @Test
  void theMachinesClockIsNeverRead() {
    noClasses()
        .should()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(InstantSource.class, "system")
        .orShould()
        .callMethod(Clock.class, "systemUTC")
        .check(STORE);
  }

  @Test
  void onlyTheFrontIsPublic() {
    noClasses()
        .that()
        .haveSimpleNameNotContaining("JdbcStore")
        .and()
        .haveSimpleNameNotContaining("JdbcSchema")
        .and()
        .doNotHaveSimpleName("TableNames")
        .and()
        .doNotHaveSimpleName("JdbcAudience")
        .and()
        .areNotNestedClasses()
        .should()
        .bePublic()
        .check(STORE);
  }
}

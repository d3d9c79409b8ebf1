package dev.notify.jdbc;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
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

  /** Public is a promise; one more is a decision to be made here, in sight. */
  @Test
  void onlyTheFrontIsPublic() {
    assertThat(
            STORE.stream()
                .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                .filter(type -> type.getEnclosingClass().isEmpty())
                .map(JavaClass::getSimpleName))
        .containsExactlyInAnyOrder(
            "Encryption",
            "EncryptionKeys",
            "JdbcAudience",
            "JdbcSchema",
            "JdbcStore",
            "JdbcStoreBuilder",
            "TableNames");
  }
}

package dev.notify.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.model.ConfigurationException;
import dev.notify.model.RefusedException;
import dev.notify.model.RefusedException.Why;
import dev.notify.model.TemplateException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FaultsTest {

  @ParameterizedTest
  @CsvSource({
    "QUEUE_FULL, 503, 1",
    "CLOSED, 503, 10",
    "STORE_UNAVAILABLE, 503, 5",
    "KEY_REUSED, 422, "
  })
  void whatIsRefusedNowSaysWhenToComeAgain(Why why, int status, String after) {
    Problem problem = Faults.problem(new RefusedException(why, "why"));

    assertThat(problem.status()).isEqualTo(status);
    assertThat(problem.headers().get("Retry-After")).isEqualTo(after);
  }

  @Test
  void whatTheLibraryHasAgainstARequestKeepsItsWords() {
    assertThat(Faults.problem(new TemplateException("t", "is broken")).fields())
        .containsEntry("field", "templateName")
        .containsEntry("detail", "template 't': is broken");
    assertThat(Faults.problem(new ConfigurationException("experiment: is over")).status())
        .isEqualTo(409);
  }

  @Test
  void whereTheDatabaseIsIsNobodysBusiness() {
    Problem problem =
        Faults.problem(new RefusedException(Why.STORE_UNAVAILABLE, "jdbc:postgresql://db/notify"));

    assertThat(problem.fields().toString()).doesNotContain("jdbc");
  }
}

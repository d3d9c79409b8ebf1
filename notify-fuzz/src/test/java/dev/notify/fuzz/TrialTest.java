package dev.notify.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.model.InvalidNotificationException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Fuzzing that finds nothing may be blind: known faults are found. */
class TrialTest {

  private static final Chance CHANCE = new Chance(7);

  @BeforeEach
  void begin() {
    Logs.listen();
    forget();
  }

  @AfterEach
  void forget() {
    List<Fault> ignored = Trial.faults();
  }

  private static List<String> kinds() {
    return Trial.faults().stream().map(Fault::kind).toList();
  }

  @Test
  void whatIsDocumentedIsNoFaultAndAllElseIs() {
    Trial.of(
        CHANCE,
        trial -> {
          throw new InvalidNotificationException("title", "is missing");
        },
        InvalidNotificationException.class);
    assertThat(Trial.faults()).isEmpty();

    Trial.of(
        CHANCE,
        trial -> {
          throw new NullPointerException();
        },
        InvalidNotificationException.class);
    Trial.of(
        CHANCE,
        trial -> {
          throw new StackOverflowError();
        },
        Throwable.class);
    assertThat(kinds())
        .hasSize(2)
        .anyMatch(kind -> kind.contains("NullPointer"))
        .anyMatch(kind -> kind.contains("StackOverflow"));
  }

  @Test
  void whatIsPersonalMustNotBeLoggedNorSaid() {
    Trial.of(
        CHANCE, trial -> LoggerFactory.getLogger("dev.notify.x").debug("sent to {}", Canary.MAIL));
    Trial.of(
        CHANCE,
        trial -> {
          throw new InvalidNotificationException("address", Canary.MAIL);
        },
        InvalidNotificationException.class);

    assertThat(kinds()).containsExactly("logged", "said in an exception");
  }

  @Test
  void moreMemoryThanTheInputDeservesIsAFault() {
    Trial.of(
        CHANCE,
        trial -> {
          trial.begins(100);
          List<byte[]> blocks = new ArrayList<>();
          for (int i = 0; i < 100; i++) {
            blocks.add(new byte[1 << 20]);
            blocks.remove(0);
          }
        });

    assertThat(kinds()).containsExactly("memory");
  }

  @Test
  void theSameSeedMakesTheSameInput() {
    for (long seed = 0; seed < 1_000; seed++) {
      String valid = "{\"a\":[1,2,{\"b\":\"c\"}],\"d\":\"e\"}";

      assertThat(Spoiled.json(new Chance(seed), valid))
          .isEqualTo(Spoiled.json(new Chance(seed), valid));
    }
  }

  @Test
  void theWordIsFoundInAnyCase() {
    assertThat(Canary.foundIn("JANE.C4NARY@EXAMPLE.COM")).isPresent();
    assertThat(Canary.foundIn("jane@example.com")).isEmpty();
  }
}

package dev.notify.test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.notify.model.InvalidNotificationException;
import dev.notify.model.OpenHours;
import dev.notify.spi.OpenHoursStore;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link OpenHoursStore} must do, as tests. A contributor extends this class once for
 * each kind of store and each database.
 *
 * @since 0.1
 */
public abstract class OpenHoursStoreContract {

  private OpenHoursStore hours;

  /** An empty store. */
  protected abstract OpenHoursStore create() throws Exception;

  @BeforeEach
  void open() throws Exception {
    hours = create();
  }

  @Test
  public void opensAreCountedByTheHourAndThePerson() {
    assertEquals(OpenHours.NONE, hours.find("jane"));

    hours.note("jane", 0);
    hours.note("jane", 23);
    hours.note("jane", 23);
    hours.note("Jane", 5);

    assertEquals(OpenHours.NONE.plus(0).plus(23).plus(23), hours.find("jane"));
    assertEquals(OpenHours.NONE.plus(5), hours.find("Jane"));
  }

  @Test
  public void noneOfManyAtOneMomentIsLost() {
    IntStream.range(0, 40).parallel().forEach(i -> hours.note("jane", i % 2 + 9));

    assertEquals(20, hours.find("jane").counts().get(9));
    assertEquals(20, hours.find("jane").counts().get(10));
  }

  @Test
  public void whoIsExpectedIsFoundAsTheyAre() {
    hours.note("jane", 8);

    hours.expect(List.of("jane", "john", "jane"));

    assertEquals(OpenHours.NONE.plus(8), hours.find("jane"));
    assertEquals(OpenHours.NONE, hours.find("john"));
    hours.note("john", 9);
    assertEquals(OpenHours.NONE.plus(9), hours.find("john"));
  }

  @Test
  public void whatIsLongAgoFades() {
    hours.note("jane", 8);
    for (int i = 0; i <= OpenHours.MOST; i++) {
      hours.note("jane", 20);
    }

    assertEquals(OpenHours.MOST / 2 + 1, hours.find("jane").counts().get(20));
    assertEquals(0, hours.find("jane").counts().get(8));
  }

  @Test
  public void thereAreTwentyFourHours() {
    assertThrows(InvalidNotificationException.class, () -> hours.note("jane", 24));
    assertThrows(InvalidNotificationException.class, () -> hours.note("jane", -1));
  }

  @Test
  public void whoIsForgottenHasNoHabits() {
    hours.note("jane", 8);

    assertTrue(hours.forget("jane"));
    assertFalse(hours.forget("jane"));
    assertEquals(OpenHours.NONE, hours.find("jane"));
  }
}

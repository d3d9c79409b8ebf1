package dev.notify.test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.Suppression;
import dev.notify.model.Suppression.Kind;
import dev.notify.spi.SuppressionList;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link SuppressionList} must do, as tests. Extend this class for a list of your own.
 *
 * @since 0.1
 */
public abstract class SuppressionListContract {

  private static final Instant NOW = SampleMessages.CREATED_AT;
  private static final Address JANE = Address.email("Jane@Example.com");

  private SuppressionList list;

  /** An empty list. */
  protected abstract SuppressionList create() throws Exception;

  @BeforeEach
  void createList() throws Exception {
    list = create();
  }

  @Test
  public void anEntryIsKeptWithAllItsParts() {
    for (Kind kind : Kind.values()) {
      Suppression entry =
          new Suppression(
              JANE, kind, "because", NOW, Optional.of(NOW.plusSeconds(9)), List.of("b", "a"));

      list.add(entry);

      assertEquals(Optional.of(entry), list.find(JANE));
    }
  }

  @Test
  public void anEntryWithoutEndHasNone() {
    list.add(Suppression.of(JANE, Kind.OPT_OUT, "", NOW));

    assertEquals(Optional.of(Suppression.of(JANE, Kind.OPT_OUT, "", NOW)), list.find(JANE));
  }

  /** It knows when the person took a word back. */
  @Test
  public void anEntryThatHasEndedIsFoundAllTheSame() {
    list.add(new Suppression(JANE, Kind.OPT_OUT, "START", NOW, Optional.of(NOW)));

    assertTrue(list.find(JANE).isPresent());
  }

  @Test
  public void mailAddressesCompareWithoutCaseAndNothingElseDoes() {
    list.add(Suppression.of(JANE, Kind.MANUAL, "", NOW));
    list.add(Suppression.of(Address.fcm("Token"), Kind.MANUAL, "", NOW));

    assertTrue(list.find(Address.email("jane@example.COM").registeredAt(NOW)).isPresent());
    assertTrue(list.find(Address.fcm("Token")).isPresent());
    assertFalse(list.find(Address.fcm("token")).isPresent());
  }

  @Test
  public void anAddressIsOfOneChannelOnly() {
    list.add(Suppression.of(Address.of(Channel.SMS, "42"), Kind.MANUAL, "", NOW));

    assertFalse(list.find(Address.of(Channel.IN_APP, "42")).isPresent());
  }

  @Test
  public void removingSaysWhetherThereWasOne() {
    list.add(Suppression.of(JANE, Kind.MANUAL, "", NOW));

    assertTrue(list.remove(Address.email("JANE@example.com")));
    assertFalse(list.remove(JANE));
    assertEquals(Optional.empty(), list.find(JANE));
  }
}

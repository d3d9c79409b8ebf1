package dev.notify.test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.Suppression;
import dev.notify.model.Suppression.Kind;
import dev.notify.spi.SuppressionList;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
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
  public void whatIsExpectedIsFoundAsItIs() {
    Suppression entry = Suppression.of(JANE, Kind.OPT_OUT, "", NOW);
    Address john = Address.email("john@example.com");
    list.add(entry);

    list.expect(List.of(Address.email(JANE.value().toUpperCase(Locale.ROOT)), john, JANE));

    assertEquals(Optional.of(entry), list.find(JANE));
    assertEquals(Optional.empty(), list.find(john));
    list.add(Suppression.of(john, Kind.MANUAL, "", NOW));
    assertTrue(list.find(john).isPresent());
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

  @Test
  public void aChangeFindsWhatIsThereAndSaysWhetherItChangedAnything() {
    Suppression first = Suppression.of(JANE, Kind.OPT_OUT, "STOP", NOW);

    assertFalse(list.update(JANE, known -> known), "nothing where nothing was");
    assertTrue(list.update(JANE, known -> Optional.of(first)));
    assertFalse(list.update(JANE, known -> known), "the same again");
    assertTrue(
        list.update(
            JANE,
            known -> {
              assertEquals(Optional.of(first), known);
              return Optional.empty();
            }));
    assertEquals(Optional.empty(), list.find(JANE));
  }

  @Test
  public void aChangeThatThrowsChangesNothing() {
    Suppression entry = Suppression.of(JANE, Kind.MANUAL, "", NOW);
    list.add(entry);

    assertThrows(
        IllegalStateException.class,
        () ->
            list.update(
                JANE,
                known -> {
                  throw new IllegalStateException("of the change");
                }));

    assertEquals(Optional.of(entry), list.find(JANE));
  }

  @Test
  public void ofManyWordsAtOneMomentNoneIsLost() throws Exception {
    AtomicInteger names = new AtomicInteger();

    List<Boolean> changed =
        Patience.together(
            Suppression.MOST_HEARD,
            () -> {
              String word = "word-" + names.incrementAndGet();
              return list.update(JANE, known -> Optional.of(heard(known, word)));
            });

    assertFalse(changed.contains(false));
    assertEquals(Suppression.MOST_HEARD, Set.copyOf(list.find(JANE).orElseThrow().heard()).size());
  }

  private static Suppression heard(Optional<Suppression> known, String word) {
    List<String> all = new ArrayList<>(List.of(word));
    known.ifPresent(entry -> all.addAll(entry.heard()));
    return new Suppression(JANE, Kind.OPT_OUT, "STOP", NOW, Optional.empty(), all);
  }

  @Test
  public void allEntriesAreShownOnce() {
    Set<Suppression> added = new HashSet<>();
    for (int i = 0; i < 567; i++) { // more than a store reads at a time
      Address address = Address.email("person-" + i + "@example.com");
      added.add(new Suppression(address, Kind.MANUAL, "", NOW, Optional.of(NOW)));
    }
    added.forEach(list::add);

    List<Suppression> shown = new ArrayList<>();
    list.forEach(shown::add);

    assertEquals(added.size(), shown.size());
    assertEquals(added, Set.copyOf(shown));
  }
}

package dev.notify.test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.notify.model.Channel;
import dev.notify.model.Origin;
import dev.notify.model.PreferenceChange;
import dev.notify.model.Preferences;
import dev.notify.model.Preferences.Choice;
import dev.notify.model.QuietHours;
import dev.notify.spi.PreferenceStore;
import java.time.DayOfWeek;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link PreferenceStore} must do, as tests. Extend this class for a store of your own.
 *
 * @since 0.1
 */
public abstract class PreferenceStoreContract {

  private static final Choice YES = new Choice(true, SampleMessages.CREATED_AT, "sign-up form");
  private static final Choice NO =
      new Choice(false, SampleMessages.CREATED_AT.plusNanos(123_456_789), "ünïcode");
  private static final Origin ORIGIN =
      new Origin("jane", "settings page", SampleMessages.CREATED_AT.plusNanos(1_000));

  private PreferenceStore store;

  /** A store in which nobody has chosen anything. */
  protected abstract PreferenceStore create() throws Exception;

  /** Whether it keeps a history; one that does not skips what is asked of it. */
  protected boolean hasHistory() {
    return true;
  }

  @BeforeEach
  void createStore() throws Exception {
    store = create();
  }

  @Test
  public void whoChoseNothingHasNoPreferences() {
    assertEquals(Preferences.NONE, store.find("jane"));
    assertEquals(List.of(), store.history("jane"));
  }

  @Test
  public void everythingThatCanBeChosenIsKeptAsItIs() {
    Preferences all =
        Preferences.builder()
            .everything(YES)
            .channel(Channel.SMS, NO)
            .category("news", NO)
            .category("news", Channel.of("pigeon"), YES)
            .quietHours(
                QuietHours.between("22:00", "07:30:15"),
                QuietHours.between("09:00", "12:00").on(DayOfWeek.SATURDAY, DayOfWeek.SUNDAY))
            .quietHours(Channel.PUSH)
            .quietHours(Channel.SMS, QuietHours.between("12:00", "13:00"))
            .channelOrder(Channel.PUSH, Channel.of("pigeon"))
            .pausedUntil(SampleMessages.CREATED_AT.plusNanos(987_654_321))
            .build();

    Preferences now = store.update("jane", ORIGIN, none -> all);

    assertEquals(all, now);
    assertEquals(all, store.find("jane"));
    assertEquals(Preferences.NONE, store.find("john"));
    assertEquals(Preferences.NONE, store.find("Jane"), "ids are compared as they are");
    assertEquals(Preferences.NONE, store.find("jane "), "ids are compared as they are");
  }

  @Test
  public void aChangeFindsWhatIsThere() {
    store.update("jane", ORIGIN, none -> none.toBuilder().category("a", YES).build());
    store.update("jane", ORIGIN, some -> some.toBuilder().category("b", NO).build());

    assertEquals(
        Preferences.builder().category("a", YES).category("b", NO).build(), store.find("jane"));
  }

  @Test
  public void whoIsExpectedIsFoundAsTheyAre() {
    store.update("jane", ORIGIN, none -> none.toBuilder().category("a", YES).build());

    store.expect(List.of("jane", "john", "jane"));

    assertEquals(Preferences.builder().category("a", YES).build(), store.find("jane"));
    assertEquals(Preferences.NONE, store.find("john"));
    store.update("john", ORIGIN, none -> none.toBuilder().category("a", NO).build());
    assertEquals(Preferences.builder().category("a", NO).build(), store.find("john"));
  }

  @Test
  public void aChangeThatThrowsChangesNothing() {
    store.update("jane", ORIGIN, none -> none.toBuilder().category("a", YES).build());

    assertThrows(
        IllegalStateException.class,
        () ->
            store.update(
                "jane",
                ORIGIN,
                some -> {
                  throw new IllegalStateException("of the change");
                }));

    assertEquals(Preferences.builder().category("a", YES).build(), store.find("jane"));
  }

  @Test
  public void ofManyChangesAtOneMomentNoneIsLost() throws Exception {
    AtomicInteger names = new AtomicInteger();

    Patience.together(
        16,
        () -> {
          String category = "c" + names.incrementAndGet();
          return store.update(
              "jane", ORIGIN, some -> some.toBuilder().category(category, YES).build());
        });

    assertEquals(16, store.find("jane").choices().size());
    if (hasHistory()) {
      assertFollowEachOther(store.history("jane"), 16);
    }
  }

  @Test
  public void theHistoryHasEveryChangeWithWhoMadeItAndWhere() {
    if (!hasHistory()) {
      return;
    }
    Origin later = new Origin("support-7", "phone call", SampleMessages.CREATED_AT.plusSeconds(60));
    Preferences first = Preferences.builder().category("news", YES).build();
    Preferences second = first.toBuilder().category("news", NO).build();

    store.update("jane", ORIGIN, none -> first);
    store.update("jane", later, some -> some);
    store.update("jane", later, some -> second);
    store.update("john", later, some -> second);

    assertEquals(
        List.of(
            new PreferenceChange(ORIGIN, Preferences.NONE, first),
            new PreferenceChange(later, first, second)),
        store.history("jane"));
  }

  @Test
  public void whoIsForgottenHasNeitherChoicesNorHistory() {
    if (!hasHistory()) {
      return;
    }
    store.update("jane", ORIGIN, none -> none.toBuilder().category("a", YES).build());
    store.update("jane", ORIGIN, none -> none.toBuilder().category("b", YES).build());
    store.update("john", ORIGIN, none -> none.toBuilder().category("b", YES).build());

    assertEquals(2, store.forget("jane"));

    assertEquals(Preferences.NONE, store.find("jane"));
    assertEquals(List.of(), store.history("jane"));
    assertEquals(0, store.forget("jane"));
    assertEquals(1, store.history("john").size());
    store.update("jane", ORIGIN, none -> none.toBuilder().category("c", YES).build());
    assertFollowEachOther(store.history("jane"), 1);
  }

  private static void assertFollowEachOther(List<PreferenceChange> history, int expected) {
    assertEquals(expected, history.size());
    Preferences before = Preferences.NONE;
    for (PreferenceChange change : history) {
      assertEquals(before, change.before());
      before = change.after();
    }
  }
}

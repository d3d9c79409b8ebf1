package dev.notify.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.Origin;
import dev.notify.model.Preferences;
import dev.notify.model.Preferences.Choice;
import dev.notify.model.Suppression;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What people have chosen and which addresses must not be used, in the heap. */
class MemoryListsTest {

  private static final Instant NOW = Instant.parse("2026-05-05T12:00:00Z");

  private final MemorySuppressions suppressions = new MemorySuppressions();
  private final MemoryPreferences preferences = new MemoryPreferences();

  @Test
  void mailAddressesCompareWithoutCaseAndNothingElseDoes() {
    suppress(Address.email("Jane@Example.com"));
    suppress(Address.fcm("Token"));

    assertThat(suppressions.find(Address.email("jane@example.COM"))).isPresent();
    assertThat(suppressions.find(Address.fcm("Token"))).isPresent();
    assertThat(suppressions.find(Address.fcm("token"))).isEmpty();
  }

  @Test
  void anAddressIsOfOneChannelOnly() {
    suppress(Address.of(Channel.SMS, "42"));

    assertThat(suppressions.find(Address.of(Channel.IN_APP, "42"))).isEmpty();
  }

  @Test
  void nameTypeAndRegistrationAreNoPartOfAnAddress() {
    suppress(Address.email("jane@example.com").named("Jane"));

    assertThat(suppressions.find(Address.email("jane@example.com").registeredAt(NOW))).isPresent();
  }

  @Test
  void removingSaysWhetherThereWasOne() {
    suppress(Address.sms("+4930123"));

    assertThat(suppressions.remove(Address.sms("+4930123"))).isTrue();
    assertThat(suppressions.remove(Address.sms("+4930123"))).isFalse();
    assertThat(suppressions.find(Address.sms("+4930123"))).isEmpty();
  }

  @Test
  void whoChoseNothingHasNoPreferences() {
    assertThat(preferences.find("user-42")).isSameAs(Preferences.NONE);
  }

  @Test
  void noChangeIsLostWhenManyAreMadeAtOnce() throws Exception {
    Choice yes = new Choice(true, NOW, "form");
    var pool = Executors.newFixedThreadPool(8);
    try {
      List<Future<?>> changes =
          IntStream.range(0, 200)
              .<Future<?>>mapToObj(
                  n ->
                      pool.submit(
                          () ->
                              preferences.update(
                                  "user-42",
                                  new Origin("jane", "form", NOW),
                                  old -> old.toBuilder().category("c" + n, yes).build())))
              .toList();
      for (Future<?> change : changes) {
        change.get();
      }
    } finally {
      pool.shutdownNow();
    }

    assertThat(preferences.find("user-42").choices()).hasSize(200);
    assertThat(preferences.find("user-43")).isSameAs(Preferences.NONE);
  }

  private void suppress(Address address) {
    suppressions.add(Suppression.of(address, Suppression.Kind.MANUAL, "asked us", NOW));
  }
}
